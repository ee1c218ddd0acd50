import type { DatabaseDescription } from "../../history/header.ts";
import type { Settings } from "../settings.ts";
import type { Wire } from "../wire.ts";

/** Variables that change what a transaction is promised, or when it fails. */
const relevant = [
  "default_transaction_isolation",
  "transaction_isolation",
  "deadlock_timeout",
  "lock_timeout",
  "statement_timeout",
  "synchronous_commit",
  "fsync",
];

/** What the server says it is, and the variables as this session sees them. */
export async function describe(wire: Wire, settings: Settings): Promise<DatabaseDescription> {
  const names = [...new Set([...relevant, ...Object.keys(settings)])].sort();
  const { rows } = await wire.send(
    "select name, current_setting(name, true) as value from unnest($1::text[]) as name",
    [names],
  );
  const version = await wire.send("show server_version");
  return {
    kind: "postgres",
    version: /^[\w.]+/.exec(String(version.rows[0]?.server_version))?.[0] ?? "unknown",
    settings: Object.fromEntries(
      rows.flatMap(({ name, value }) => (typeof value === "string" ? [[String(name), value]] : [])),
    ),
  };
}
