import { defineConfig } from "isolab";

/** What this project holds itself to: broken variants must be found, right ones must stay clean. */
export default defineConfig({
  workloads: [
    "register:naive",
    "register:for-update",
    "register:unique",
    "append:upsert",
    "bank:naive",
    "bank:for-update",
    "write-skew:naive",
    "write-skew:for-update",
  ],
  targets: [{ db: "postgres" }, { db: "mariadb" }],
  isolation: ["read-committed", "serializable"],
  explore: { schedules: 30 },
  stress: { operations: 150 },
});
