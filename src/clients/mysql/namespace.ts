import { markerTable, type Marker, type Namespaces } from "../namespace.ts";
import type { Wire } from "../wire.ts";

/** A namespace is a database; its lock a user-level lock, which is the whole server's, as databases are. */
export const namespaces: Namespaces = {
  noun: "database",
  tryLock: async (wire, name) => {
    const { rows } = await wire.send("SELECT GET_LOCK($1, 0) AS held", [name]);
    return Number(rows[0]?.held) === 1;
  },
  unlock: async (wire, name) => {
    await wire.send("DO RELEASE_LOCK($1)", [name]);
  },
  exists: async (wire, name) => {
    const { rows } = await wire.send("SELECT 1 FROM information_schema.schemata WHERE schema_name = $1", [
      name,
    ]);
    return rows.length > 0;
  },
  marker,
  create: async (wire, name, { run, host, pid, created }) => {
    await wire.send(`CREATE DATABASE \`${name}\``);
    try {
      const table = `\`${name}\`.${markerTable}`;
      await wire.send(
        `CREATE TABLE ${table} (run VARCHAR(40) PRIMARY KEY, host VARCHAR(255) NOT NULL, pid INT NOT NULL, created VARCHAR(40) NOT NULL) ENGINE = InnoDB`,
      );
      await wire.send(`INSERT INTO ${table} VALUES ($1, $2, $3, $4)`, [run, host, pid, created]);
    } catch (error) {
      // Without its marker nobody would ever clear it away. It was created empty a moment ago.
      if (wire.lost === undefined) await wire.send(`DROP DATABASE \`${name}\``);
      throw error;
    }
  },
  drop: async (wire, name) => {
    await wire.send("SET SESSION lock_wait_timeout = 5");
    await wire.send(`DROP DATABASE IF EXISTS \`${name}\``);
    await wire.send("SET SESSION lock_wait_timeout = DEFAULT");
  },
  candidates: async (wire) => {
    const { rows } = await wire.send(
      "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE $1 ORDER BY schema_name",
      ["isolab\\_%"],
    );
    return rows.map((row) => String(row.name));
  },
  use: async (wire, name) => {
    await wire.send(`USE \`${name}\``);
  },
};

async function marker(wire: Wire, name: string): Promise<Marker | undefined> {
  const { rows: columns } = await wire.send(
    "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2",
    [name, markerTable],
  );
  if (!["run", "host", "pid", "created"].every((column) => columns.some((row) => row.name === column)))
    return undefined;
  const { rows } = await wire.send(`SELECT run, host, pid, created FROM \`${name}\`.${markerTable}`);
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
