import type { AnomalyDescription, Descriptions } from "./description.ts";
import { adya, bailis, berenson, elle, hermitage } from "./sources.ts";

/** What the order of one object's versions proves. */
export const versionAnomalies: Descriptions<AnomalyDescription> = {
  "lost-update": {
    summary: "two transactions read the same version and both wrote: one of the updates ignores the other",
    meaning:
      "Read, compute, write: when two do it at the same time from the same version, the later write is computed from a state that lacks the earlier one. Counters miscount and edits vanish, and no error is raised.",
    remedy:
      "Compute in the statement itself (SET n = n + 1); or read with FOR UPDATE; or update WHERE version = what was read, and look at the number of rows; or a level with snapshots, and a retry on its errors.",
    sources: [adya("chapter 4"), berenson, bailis, hermitage],
  },
  "tied-versions": {
    summary: "two committed writes gave one row the same version number",
    meaning:
      "An optimistic lock lets a write through only if nobody has changed the row since it was read, so every committed write makes a number of its own. Here two writes made the same one: the application's lock does not hold, whatever the database did. Where both had read the row in the same transaction, lost-update says so too.",
    remedy:
      "Let the statement decide: UPDATE … WHERE id = ? AND version = ?, and give up or try again when it changed no row. A check in an earlier SELECT is no check.",
    sources: ["Kung and Robinson 1981 (On Optimistic Methods for Concurrency Control, TODS)"],
  },
  "dirty-update": {
    summary: "a committed transaction built on a write of one that failed",
    meaning:
      "In the order of an object's versions a committed write stands right on top of a failed one, so the failed transaction's work was made permanent by somebody else.",
    sources: [elle("section 6")],
  },
  "duplicate-elements": {
    summary: "one read shows the same element twice, though it was written once",
    meaning:
      "Every element is written by one operation only. Seeing it twice means that a write was applied twice: a statement that was sent again, or replication that ran twice.",
    sources: [elle("section 6")],
  },
  "incompatible-order": {
    summary: "two reads of a list contradict each other: neither is the beginning of the other",
    meaning:
      "A list that is only appended to grows from one read to the next. Two committed reads that fork prove that one of them saw a state that never became part of the object's history.",
    sources: [elle("section 6")],
  },
  "cyclic-versions": {
    summary: "the versions of one object cannot be put into any order",
    meaning:
      "What transactions read and wrote, and what the user says of the keys (sequential, linearizable), puts each of some versions before the next and the last before the first. The orders drawn from that source are then dropped for this object.",
    sources: [elle("section 6")],
  },
};
