import type { Descriptions } from "./description.ts";
import { bailis, cerone } from "./sources.ts";

/** Models built on atomic visibility: a transaction is seen whole or not at all. */
export const atomicModels: Descriptions = {
  "monotonic-atomic-view": {
    summary: "read committed, and who has seen a part of a transaction sees all of it from then on",
    meaning:
      "As soon as a transaction has read one effect of another one, its later reads show every effect of it, or something newer. Reads before that moment may be older. PostgreSQL's and InnoDB's read committed behave so.",
    sources: [bailis],
  },
  "read-atomic": {
    summary: "a transaction is seen whole or not at all",
    meaning:
      "All effects of a transaction become visible together, and within a transaction a row reads as that transaction itself last read or wrote it. Different transactions may see others in different orders, and updates can be lost.",
    sources: [cerone],
  },
  "update-atomic": {
    summary: "read atomic without lost updates",
    meaning:
      "Transactions are seen whole or not at all, and of two that read the same version of a row and write it, only one commits.",
    sources: [
      "Liu and others 2018 (ROLA: A New Distributed Transaction Protocol and Its Formal Analysis, FASE)",
      cerone,
    ],
  },
  "causal-cerone": {
    summary: "transactions are seen whole, and with everything that they had seen",
    meaning:
      "Who sees a transaction also sees all that it had seen. Transactions that knew nothing of each other may be seen in different orders, and two of them may overwrite each other's work.",
    sources: [cerone],
  },
  "parallel-snapshot-isolation": {
    summary: "snapshot isolation whose snapshots need not agree on an order",
    meaning:
      "Every transaction reads a causally complete snapshot, and of two that write one row one must give way. Two readers may disagree about which of two unrelated writes came first: a long fork.",
    sources: [cerone, "Sovran and others 2011 (Transactional Storage for Geo-Replicated Systems, SOSP)"],
  },
  prefix: {
    summary: "every transaction reads the state after some number of commits, in one common order",
    meaning:
      "There is one order of all commits, and each transaction sees all of those up to some point, and none after it. So there are no long forks; but nothing stops two transactions from overwriting each other's updates.",
    sources: [cerone],
  },
};
