import type { Invariants } from "./invariant.ts";

/** What the check "durability" finds. */
export const durabilityInvariants: Invariants = {
  "lost-commit": {
    meaning:
      "Somebody was told that a transaction is committed, and when everything has ended what it wrote is not there, though nobody deleted it or wrote over it. Crashes do that to a server that acknowledges a commit before it is on disk, and so does a failover to a replica that did not have it yet. An application that overwrites what another wrote meanwhile is no such case: it is lost-update, and not told here. It is looked for in every history that was read at rest.",
    remedy:
      "Let the server write its log before it acknowledges: fsync and synchronous_commit on in PostgreSQL, innodb_flush_log_at_trx_commit=1 in MySQL and MariaDB, sync_binlog=1 where replicas are built from the binary log, and disks that do not report a write before it is done. With replicas, wait for one of them before the commit is acknowledged.",
    promise:
      "That holds at every isolation level: durability is no question of isolation, and it is the database that promises it.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["add", "orders", "a"]],
        [1, "commit"],
        [2, "begin"],
        [2, ["add", "orders", "b"]],
        [2, "commit"],
        [3, "begin"],
        [3, ["rs", "orders", ["a"]]],
        [3, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["lost-commit"],
      moral:
        "Both additions had been acknowledged, and nobody deletes. The last read came when no other session was left, and b is not there.",
      f: { 1: "add", 2: "add", 3: "read-at-rest" },
    },
  },
};
