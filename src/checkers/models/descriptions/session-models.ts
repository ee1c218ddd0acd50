import type { Descriptions } from "./description.ts";
import { adya, daudjeeSalem, elle } from "./sources.ts";

const own =
  "An extension of Adya's levels by session and real-time order, as in Elle (Kingsbury and Alvaro 2020)";

/** Models that also respect the order within a session, or the order in real time. */
export const sessionModels: Descriptions = {
  "strong-session-PL-1": {
    summary: "read uncommitted, whose order of writes agrees with the order within every session",
    meaning:
      "Writes are ordered alike on all objects, and a session's later transaction never writes behind its own earlier one, not even by way of others.",
    sources: [own],
  },
  "strong-session-PL-2": {
    summary: "read committed, in agreement with the order within every session",
    meaning:
      "Committed data only, no circles of information, and none either when each session's transactions are taken to come one after the other. A session may still miss its own last write.",
    sources: [own],
  },
  "strong-session-snapshot-isolation": {
    summary: "snapshot isolation, where a session's snapshots never miss its own earlier work",
    meaning:
      "A transaction's snapshot holds everything that its own session has seen or committed before. Other sessions' commits may appear late.",
    sources: [daudjeeSalem, elle("section 6")],
  },
  "strong-session-serializable": {
    summary: "serializable, in an order that agrees with the order within every session",
    meaning:
      "As if all transactions had run one after the other, each session's in the order in which it ran them. A session always sees its own work; of others' it may see an older state.",
    sources: ["Daudjee and Salem 2004 (Lazy Database Replication with Ordering Guarantees, ICDE), section 2"],
  },
  "strong-PL-1": {
    summary: "read uncommitted, whose order of writes agrees with real time",
    meaning:
      "A transaction that began after another one had ended never writes behind it, not even by way of others. Nothing is said about reads.",
    sources: [own],
  },
  "strong-PL-2": {
    summary: "read committed, in agreement with real time",
    meaning:
      "Committed data only, and no circle of writes and reads even when everything that had ended before a transaction began is taken to come before it. A read may still be stale.",
    sources: [own],
  },
  "strong-snapshot-isolation": {
    summary: "snapshot isolation, whose snapshots are up to date when they are taken",
    meaning:
      "A transaction sees all that had committed before it began. What plain snapshot isolation leaves open, namely reading from an old snapshot, is closed; write skew is not.",
    sources: [daudjeeSalem, adya("chapter 4")],
  },
};
