import type { AnomalyDescription, Descriptions } from "./description.ts";
import { adya, adyaLiskovONeil, bailis, berenson, elle, hermitage } from "./sources.ts";

const neverReported = "It has a place in the tables of models, but isolab does not report it by this name.";

/** Names of the literature that group others, or that a history of completed transactions cannot show. */
export const theoryAnomalies: Descriptions<AnomalyDescription> = {
  G1: {
    summary: "dirty read of any kind: G1a, G1b or G1c",
    meaning:
      "The name for aborted reads, intermediate reads and circular flow of information together; read committed forbids all three. isolab reports which of them it was.",
    sources: [adyaLiskovONeil("section 5.2"), adya("chapter 3")],
  },
  "G1-process": {
    summary: "dirty read of any kind, or a circle of writes and reads that a session's order closes",
    meaning: `G1, with the order within each session counted among the dependencies. isolab reports G1a, G1b or G1c-process.`,
    sources: [elle("section 6")],
  },
  "G1-realtime": {
    summary: "dirty read of any kind, or a circle of writes and reads that real-time order closes",
    meaning: `G1, with the order in real time counted among the dependencies. isolab reports G1a, G1b or G1c-realtime.`,
    sources: [elle("section 6")],
  },
  GSI: {
    summary: "whatever snapshot isolation forbids beyond dirty reads: GSIa or GSIb",
    meaning: `A transaction depends on one that was not in its snapshot, or missed one that was. ${neverReported}`,
    sources: [adya("chapter 4")],
  },
  GSIa: {
    summary: "interference: a transaction saw or overwrote one that had not committed when it began",
    meaning: `A read or write dependency on a transaction that committed only after this one took its snapshot. It takes the moments of snapshots to see. ${neverReported}`,
    sources: [adya("chapter 4")],
  },
  GSIb: {
    summary: "missed effects: a circle with one anti-dependency, counting also when transactions began",
    meaning: `A transaction missed the write of another one that had committed before it began, directly or over others. It takes the moments of snapshots to see; G-single is the part that shows without. ${neverReported}`,
    sources: [adya("chapter 4")],
  },
  "G-SI": {
    summary: "whatever snapshot isolation forbids beyond dirty reads, as Elle's tables spell it",
    meaning: `The same as GSI. ${neverReported}`,
    sources: [adya("chapter 4")],
  },
  "G-SIb": {
    summary: "missed effects, as Elle's tables spell it for forward consistent view",
    meaning: `The same as GSIb. ${neverReported}`,
    sources: [adya("chapter 4")],
  },
  "G-cursor": {
    summary: "a row changed between being read through a cursor and being updated",
    meaning: `A circle of dependencies on one object with one anti-dependency, between a read through a cursor and the update that follows. isolab reports lost-update.`,
    sources: [adya("chapter 4"), berenson],
  },
  "G-monotonic": {
    summary: "a transaction's later read showed an older state than an earlier one",
    meaning: `A circle with one anti-dependency that starts from a single read, in the order in which the transaction read. isolab knows what was read, not at which statement, and reports G-single-item or internal.`,
    sources: [adya("chapter 4")],
  },
  "G-MSR": {
    summary: "a statement saw a state that was no snapshot, or one older than the statement before it",
    meaning: `The circle that monotonic snapshot reads forbid, over single actions instead of whole transactions. ${neverReported}`,
    sources: [adya("chapter 4")],
  },
  "G-update": {
    summary: "the writers and one reader together are not serializable",
    meaning: `A circle with anti-dependencies among the transactions that write, and at most one that only reads. isolab reports it as G2 or G2-item.`,
    sources: [adya("chapter 4")],
  },
  "write-skew": {
    summary: "two transactions each decided by what the other was changing",
    meaning:
      "The everyday name for circles of two anti-dependencies: both read the same rows, each writes a different one. isolab reports it as G2-item, or as G2 where rows were searched for.",
    remedy:
      "SERIALIZABLE with a retry on its errors; or lock what was read (SELECT … FOR UPDATE) before deciding.",
    sources: [berenson, hermitage],
  },
  OTV: {
    summary: "observed transaction vanishes: having seen a transaction's work, a reader sees it gone again",
    meaning:
      "Within one transaction a read shows what another one wrote, and a later read of another row shows it as it was before. Monotonic atomic view forbids it. isolab knows what was read, not in which order, and reports G-single-item.",
    sources: [bailis, hermitage],
  },
};
