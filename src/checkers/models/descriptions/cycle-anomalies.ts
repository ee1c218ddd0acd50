import type { AnomalyDescription, Descriptions } from "./description.ts";
import { adya, adyaLiskovONeil, berenson, ceroneGotsman, hermitage } from "./sources.ts";

const serializableOrLock =
  "SERIALIZABLE with a retry on its errors; or lock what was read (SELECT … FOR UPDATE) before deciding; or let a constraint of the database say what must hold.";

/** Circles of dependencies between transactions, by the kinds of their steps. */
export const cycleAnomalies: Descriptions<AnomalyDescription> = {
  G0: {
    summary: "dirty write: two transactions overwrote each other, each of them on a different object",
    meaning:
      "A circle of write dependencies only: on one object the first wrote before the second, on another the second before the first. Neither transaction's writes survive as a whole, so rows that belong together no longer do.",
    sources: [adyaLiskovONeil("section 5.1"), adya("chapter 3"), hermitage],
  },
  G1c: {
    summary: "circular flow of information: two transactions each read or overwrote the other's work",
    meaning:
      "A circle of write and read dependencies with at least one read. Each of its transactions comes after the others, which is impossible; at least one must have read something that was not committed.",
    sources: [adyaLiskovONeil("section 5.2"), adya("chapter 3"), hermitage],
  },
  "G-single-item": {
    summary: "read skew: a transaction saw one part of another one's work and missed the rest",
    meaning:
      "A circle with exactly one anti-dependency: the first transaction did not see a write of the second, and yet depends on it, directly or over others. What it read never existed together. An application that adds up two accounts while money moves between them sees it appear or vanish.",
    remedy:
      "A level with one snapshot per transaction: REPEATABLE READ on PostgreSQL, on MariaDB with innodb_snapshot_isolation; or read everything in one statement.",
    sources: [adya("chapter 4"), berenson, hermitage],
  },
  "G-single": {
    summary: "read skew where what was missed is a row that a search should have found",
    meaning:
      "As G-single-item, but the write that was not seen is a row that the transaction's condition would have matched: it searched, did not find the row, and yet depends on the transaction that inserted it.",
    remedy: "A level with one snapshot per transaction; or one statement instead of two.",
    sources: [adya("chapter 4"), hermitage],
  },
  "G-nonadjacent-item": {
    summary: "long fork: two readers saw two writes in opposite orders",
    meaning:
      "A circle with several anti-dependencies, no two of them next to each other: between any two a write or read dependency stands. One reader saw the first write and not the second, another one the second and not the first. No common order of snapshots explains both.",
    sources: [ceroneGotsman],
  },
  "G-nonadjacent": {
    summary: "long fork where some of what was missed are rows that a search should have found",
    meaning:
      "As G-nonadjacent-item, with at least one anti-dependency on a condition: a reader searched and did not find a row that others had already seen.",
    sources: [ceroneGotsman],
  },
  "G2-item": {
    summary: "write skew: two transactions decided by rows that the other was changing",
    meaning:
      "A circle with several anti-dependencies on rows, two of them next to each other. Each transaction read what another one was about to change and did not see the change. Each alone would have kept the invariant, both together break it: two doctors sign off at the same time, since each sees the other on call.",
    remedy: serializableOrLock,
    sources: [adyaLiskovONeil("section 5.4"), adya("chapter 3"), berenson, hermitage],
  },
  G2: {
    summary: "write skew by searching: two transactions each inserted a row that the other had looked for",
    meaning:
      "A circle with several anti-dependencies, at least one of them on a condition: each transaction searched, found nothing that stood against it, and inserted a row that the other's search would have found. Two bookings of one room, or two versions with one number, come about so. Locking the rows that were found does not help: there were none.",
    remedy:
      "SERIALIZABLE with a retry on its errors; a unique or exclusion constraint; or lock a row that stands for the whole set before searching.",
    sources: [adyaLiskovONeil("section 5.3"), adya("chapter 3"), berenson, hermitage],
  },
};
