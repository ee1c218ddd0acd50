import type { Descriptions } from "./description.ts";
import { bernstein, herlihyWing, terry, viotti } from "./sources.ts";

const zuikeviciute =
  "Zuikevičiūtė and Pedone 2008 (Correctness Criteria for Database Replication, ICDCS workshops)";

/**
 * Models that the lattice names because stronger ones imply them. No anomaly is tied to them, so they
 * appear among what a history rules out never, and are never violated when asked for by name.
 */
export const otherModels: Descriptions = {
  linearizable: {
    summary: "every operation takes effect at one moment between its start and its end",
    meaning:
      "Operations on single objects, each atomic, in an order that agrees with real time: whoever begins after a write has ended sees it. Strict serializability says so of whole transactions.",
    sources: [herlihyWing],
  },
  sequential: {
    summary: "one order of all operations that agrees with every process's own order",
    meaning:
      "All processes see the same order, each finds its own operations in it as it made them. The order may lag behind real time.",
    sources: [
      "Lamport 1979 (How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs)",
      viotti,
    ],
  },
  causal: {
    summary: "effects are never seen before their causes",
    meaning:
      "Operations that may have influenced each other appear in the same order to everybody. Operations that knew nothing of each other may appear in different orders.",
    sources: ["Ahamad and others 1995 (Causal Memory: Definitions, Implementation, and Programming)", viotti],
  },
  PRAM: {
    summary: "everybody sees each process's writes in the order in which it made them",
    meaning:
      "Pipelined memory: writes of one process arrive in order everywhere; writes of different processes may be interleaved differently for each observer.",
    sources: ["Lipton and Sandberg 1988 (PRAM: A Scalable Shared Memory)", viotti],
  },
  "writes-follow-reads": {
    summary: "a write is seen only after what its session had read before it",
    meaning:
      "Who sees an answer also sees the question. The order between what a session read and what it then wrote holds for all observers.",
    sources: [terry],
  },
  "monotonic-reads": {
    summary: "a session never sees less than it has seen before",
    meaning: "Successive reads of one session show the same state or a later one; never an earlier one.",
    sources: [terry],
  },
  "monotonic-writes": {
    summary: "a session's writes take effect everywhere in the order in which it made them",
    meaning: "Nobody sees a session's second write without its first one.",
    sources: [terry],
  },
  "read-your-writes": {
    summary: "a session sees its own earlier writes",
    meaning: "What a session has written, its later reads show, or something newer.",
    sources: [terry],
  },
  "1SR": {
    summary: "a replicated database behaves like one copy on which transactions run one after the other",
    meaning:
      "One-copy serializability: serializability for databases that keep several copies of each object, which the application must not notice.",
    sources: [bernstein("chapter 8")],
  },
  "session-serializable": {
    summary: "one-copy serializable, in agreement with every session's own order",
    meaning:
      "As if there were one copy and the transactions ran one after the other, each session's in its own order; weaker than strict serializability, which also looks at the order between sessions.",
    sources: [zuikeviciute],
  },
  "view-serializable": {
    summary: "everybody read what they would have read in some serial order, and the end is the same",
    meaning:
      "Weaker than serializable: writes that nobody reads may be in any order. Deciding it is NP-complete, which is why nobody checks it.",
    sources: [bernstein("section 2.6")],
  },
};
