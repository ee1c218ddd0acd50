import type { AnomalyDescription, Descriptions } from "./description.ts";
import { adya, adyaLiskovONeil, cerone, elle, hermitage } from "./sources.ts";

/** What single reads prove. */
export const readAnomalies: Descriptions<AnomalyDescription> = {
  G1a: {
    summary: "aborted read: a committed transaction saw a write of one that failed",
    meaning:
      "What was read never came to be. Decisions made by it stand, though, since the reader committed. Writers whose outcome is unknown are never counted as failed.",
    sources: [adyaLiskovONeil("section 5.2"), adya("chapter 3"), hermitage],
  },
  G1b: {
    summary: "intermediate read: a transaction saw a value that its writer changed again before committing",
    meaning:
      "A state in the middle of another transaction was read, which was never meant to be seen and may break what its writer restored at the end.",
    sources: [adyaLiskovONeil("section 5.2"), adya("chapter 3"), hermitage],
  },
  internal: {
    summary: "a transaction disagreed with itself: a read does not fit its own earlier read or write",
    meaning:
      "Within one transaction an object read differently from what the transaction had read or written there itself, without having changed it in between. At read committed a second read may legally differ from the first; from read atomic up it may not.",
    remedy: "A level with one snapshot per transaction; on InnoDB, locking reads throughout.",
    sources: [cerone, elle("section 6")],
  },
  "future-read": {
    summary: "a transaction saw what it was to write only later",
    meaning: "A read shows an element that the same transaction wrote after the read: time ran backwards.",
    sources: [elle("section 6")],
  },
  "garbage-read": {
    summary: "a read shows a value that nobody wrote",
    meaning:
      "The run began with an empty database, and no transaction of the history, committed or not, wrote the value. Either data was corrupted, or something else wrote to the same tables.",
    sources: [elle("section 6")],
  },
  "predicate-read-miss": {
    summary: "a search missed a row of which every version matches",
    meaning:
      "Whatever state the search saw, the row would have been in its result: all versions the row ever had satisfy the condition. An index that lacks an entry looks like this.",
    sources: ["Elle's checker of closed predicates"],
  },
};
