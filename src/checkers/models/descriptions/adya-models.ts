import type { Descriptions } from "./description.ts";
import { adya, adyaLiskovONeil, berenson, cerone, ceroneGotsman, papadimitriou } from "./sources.ts";

/** Adya's levels, from what transactions may do to each other's writes up to real time. */
export const adyaModels: Descriptions = {
  "PL-1": {
    summary: "writes of two transactions are not interleaved: one of them comes first on every object",
    meaning:
      "Whoever writes first on one object writes first on all objects that both write. Nothing is promised about reads: a transaction may read what another has not committed, or will never commit.",
    sources: [adyaLiskovONeil("section 5.1"), adya("chapter 3")],
  },
  "PL-2": {
    summary: "only committed, final values are read, and information does not flow in circles",
    meaning:
      "A transaction reads nothing that is undone later, nothing that its writer changes again, and if it depends on another one, that one does not depend on it. Two reads of one row may still differ, and what was read may have changed by the time something is written on the strength of it.",
    sources: [adyaLiskovONeil("section 5.2"), adya("chapter 3")],
  },
  "PL-CS": {
    summary: "read committed, and the row under the cursor does not change before it is updated",
    meaning:
      "What a transaction reads through a cursor and then updates is what it read, so a read-modify-write of one row loses nobody's update. Rows read otherwise are as unprotected as at read committed.",
    sources: [adya("chapter 4"), berenson],
  },
  "PL-2L": {
    summary: "read committed, and what a transaction sees never goes back in time",
    meaning:
      "Once a transaction has observed another one, its later reads show all that the other wrote, or something newer. Its earlier reads may be older than that.",
    sources: [adya("chapter 4")],
  },
  "PL-MSR": {
    summary: "read committed, where every statement reads a snapshot and snapshots never go back",
    meaning:
      "Each action of a transaction reads from one committed state of the whole database, and a later action never from an older one. It is close to what databases with a snapshot per statement call read committed.",
    sources: [adya("chapter 4")],
  },
  "PL-2+": {
    summary: "what a transaction reads belongs together: no read skew",
    meaning:
      "A transaction that depends on another one misses none of its effects, so invariants over several rows that every writer keeps also hold for every reader. Two writers may still act on a state that neither of them leaves behind.",
    sources: [adya("chapter 4")],
  },
  "PL-FCV": {
    summary: "consistent view, that may also include what committed after the transaction began",
    meaning:
      "As consistent view, counting also when transactions began: a transaction that sees, over any chain of dependencies, something that began after another one committed does not miss what that other one wrote. It is snapshot isolation without the fixed moment of the snapshot.",
    sources: [adya("chapter 4")],
  },
  "PL-SI": {
    summary: "every transaction reads one snapshot, and of two that write the same row one must give way",
    meaning:
      "All reads come from the committed state at one moment, and a transaction commits only if no other one has changed what it writes since then. Updates are not lost and reads fit together. Transactions that read each other's rows and write different ones can still break an invariant together: write skew.",
    sources: [berenson, adya("chapter 4"), cerone, ceroneGotsman],
  },
  "PL-2.99": {
    summary: "rows that were read stay as they are until the end; new rows may appear",
    meaning:
      "Serializable as long as only rows are looked at that are known beforehand. A search by condition may find different rows the second time, or miss one that is being inserted. The level that PostgreSQL and MySQL call repeatable read is something else: a snapshot, and in MySQL not even that once the transaction writes.",
    sources: [adyaLiskovONeil("section 5.4"), adya("chapter 3"), berenson],
  },
  "PL-3U": {
    summary: "transactions that write are serializable; readers see consistent states of them",
    meaning:
      "All transactions that write can be put into one order in which each would have done what it did, and every transaction that only reads fits into that order too. Two readers need not fit at the same time: each may see the writers in an order of its own.",
    sources: [adya("chapter 4")],
  },
  "PL-3": {
    summary: "as if the transactions had run one after the other, in some order",
    meaning:
      "There is an order of all committed transactions in which each, alone with the database, would have read and written exactly what it did. Code that is right when it runs alone is right. The order need not be the one in which they really ran: a read may be stale if nothing gives it away.",
    sources: [adyaLiskovONeil("section 5.3"), adya("chapter 3"), berenson],
  },
  "PL-SS": {
    summary: "serializable, in an order that agrees with real time",
    meaning:
      "As if the transactions had run one after the other, and whoever was done before another one began also comes first. Nobody reads a state that was already outdated when they began, whatever they learned through other channels.",
    sources: [adya("chapter 4"), papadimitriou],
  },
};
