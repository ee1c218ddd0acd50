import type { DatabaseDescription } from "../../history/header.ts";
import type { Settings } from "../settings.ts";
import type { Wire } from "../wire.ts";
import { sessionVariables } from "./connection.ts";

/** Variables that change what a transaction is promised, or when it fails; a server lacks some of them. */
const relevant = [
  "transaction_isolation",
  "tx_isolation",
  "innodb_snapshot_isolation",
  "innodb_lock_wait_timeout",
  "innodb_flush_log_at_trx_commit",
  "innodb_rollback_on_timeout",
  "innodb_deadlock_detect",
  "autocommit",
  "sql_mode",
];

/** What the server says it is, and the variables as this session sees them. */
export async function describe(wire: Wire, settings: Settings): Promise<DatabaseDescription> {
  const names = new Set([...relevant, ...Object.keys(settings).map((name) => name.toLowerCase())]);
  const found = await sessionVariables(wire, [...names, "version", "version_comment"]);
  const version = found.get("version") ?? "";
  const isMariadb = /mariadb/i.test(version + (found.get("version_comment") ?? ""));
  return {
    kind: isMariadb ? "mariadb" : "mysql",
    version: cleanVersion(version),
    settings: Object.fromEntries(
      [...names].sort().flatMap((name) => {
        const value = found.get(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

/** Without `-MariaDB-0+deb12u1` behind it, and without the `5.5.5-` old MariaDB servers put before it. */
function cleanVersion(version: string): string {
  return /^(?:5\.5\.5-(?=\d))?([\d.]+)/.exec(version)?.[1] ?? "unknown";
}
