import { lockKey, markerTable, type Marker, type Namespaces } from "../namespace.ts";
import type { Wire } from "../wire.ts";
import { useSchema } from "./connection.ts";

/** A namespace is a schema; its lock a session-level advisory lock, which is the database's own, as schemas are. */
export const namespaces: Namespaces = {
  noun: "schema",
  tryLock: async (wire, name) => {
    const { rows } = await wire.send("select pg_try_advisory_lock($1::bigint) as held", [lockKey(name)]);
    return rows[0]?.held === true;
  },
  unlock: async (wire, name) => {
    await wire.send("select pg_advisory_unlock($1::bigint)", [lockKey(name)]);
  },
  exists: async (wire, name) => {
    const { rows } = await wire.send("select 1 from pg_catalog.pg_namespace where nspname = $1", [name]);
    return rows.length > 0;
  },
  marker,
  create: async (wire, name, { run, host, pid, created }) => {
    // One transaction: a schema of ours is never seen without its marker.
    await inTransaction(wire, async () => {
      await wire.send(`create schema "${name}"`);
      await wire.send(
        `create table "${name}".${markerTable} (run text primary key, host text not null, pid integer not null, created text not null)`,
      );
      await wire.send(`insert into "${name}".${markerTable} values ($1, $2, $3, $4)`, [
        run,
        host,
        pid,
        created,
      ]);
    });
  },
  drop: async (wire, name) => {
    await inTransaction(wire, async () => {
      await wire.send("set local lock_timeout = '5s'");
      await wire.send(`drop schema if exists "${name}" cascade`);
    });
  },
  candidates: async (wire) => {
    const { rows } = await wire.send(
      "select nspname as name from pg_catalog.pg_namespace where nspname like $1 order by nspname",
      ["isolab\\_%"],
    );
    return rows.map((row) => String(row.name));
  },
  use: useSchema,
};

async function marker(wire: Wire, name: string): Promise<Marker | undefined> {
  const { rows: columns } = await wire.send(
    "select column_name from information_schema.columns where table_schema = $1 and table_name = $2",
    [name, markerTable],
  );
  if (!["run", "host", "pid", "created"].every((column) => columns.some((row) => row.column_name === column)))
    return undefined;
  const { rows } = await wire.send(`select run, host, pid, created from "${name}".${markerTable}`);
  const [row] = rows;
  return row === undefined
    ? undefined
    : {
        run: String(row.run),
        host: String(row.host),
        pid: Number(row.pid),
        created: String(row.created),
      };
}

async function inTransaction(wire: Wire, body: () => Promise<void>): Promise<void> {
  await wire.send("begin");
  try {
    await body();
    await wire.send("commit");
  } catch (error) {
    if (wire.lost === undefined) await wire.send("rollback");
    throw error;
  }
}
