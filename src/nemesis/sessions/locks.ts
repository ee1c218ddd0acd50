import { DatabaseError } from "../../clients/database-error.ts";
import type { Connection } from "../../clients/database.ts";
import type { Rng } from "../../random/rng.ts";
import type { Arena } from "../arena.ts";
import { everyDatabase, type Nemesis } from "../nemesis.ts";
import { quoted, rogue } from "./rogue.ts";

/** Rows that a rogue session locks at most. */
const mostRows = 8;
/** The pause between two of them, in which others come in between. */
const pauseMs = 20;

/** A rogue session locks the rows of a table one after another, the last one first, against the order of everybody else. */
export const deadlock: Nemesis = {
  name: "deadlock",
  summary: "a rogue session locks rows of a random table in the wrong order, then lets go of them",
  databases: everyDatabase,
  needs: [],
  strike: async (arena, rng) => {
    const table = await someTable(arena, rng);
    if (table === undefined) return null;
    let locked = 0;
    let end = "";
    const leave = await rogue(arena.database, "read-committed", async (session) => {
      try {
        for (const lock of await rowLocks(session, table, arena)) {
          await lock();
          locked++;
          await arena.clock.sleep(pauseMs, arena.until).catch(() => undefined);
        }
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        end = error.fields.cause === "deadlock" ? " and was the victim" : "";
      }
    });
    await leave();
    if (locked === 0) return null;
    return { did: `locked ${locked} rows in the wrong order${end}` };
  },
};

/** A rogue session locks all rows of a table and goes on doing nothing. */
export const longLock: Nemesis = {
  name: "long-lock",
  summary: "a rogue session locks all rows of a random table and holds on to them; then it rolls back",
  databases: everyDatabase,
  needs: [],
  strike: async (arena, rng) => {
    const table = await someTable(arena, rng);
    if (table === undefined) return null;
    let rows = 0;
    const undo = await rogue(arena.database, "read-committed", async (session) => {
      rows = (await session.query(`select 1 from ${table} for update`)).rows.length;
    });
    return { did: `locked ${rows} rows`, undo };
  },
};

/**
 * A reader that stays in its transaction: the server keeps all versions of rows that its snapshot can see, so that
 * what was overwritten is not cleaned up meanwhile (PostgreSQL: VACUUM; InnoDB: purge).
 */
export const idleInTransaction: Nemesis = {
  name: "idle-in-transaction",
  summary: "a rogue session takes a snapshot and stays idle in its transaction, which holds back cleanup",
  databases: everyDatabase,
  needs: [],
  strike: async (arena, rng) => {
    const table = await someTable(arena, rng);
    if (table === undefined) return null;
    const undo = await rogue(arena.database, "repeatable-read", async (session) => {
      await session.query(`select 1 from ${table} limit 1`);
    });
    return { did: "took a snapshot", undo };
  },
};

async function someTable({ database }: Arena, rng: Rng): Promise<string | undefined> {
  const { tables } = await database.catalog();
  return tables.length === 0 ? undefined : quoted(database, rng.pick(tables).name);
}

/** One lock for each of some rows, the last one first, by the table's first column. */
async function rowLocks(
  session: Connection,
  table: string,
  { database }: Arena,
): Promise<readonly (() => Promise<unknown>)[]> {
  const { rows } = await session.query(`select * from ${table} order by 1 limit ${mostRows}`);
  return rows
    .flatMap((row) => Object.entries(row).slice(0, 1))
    .reverse()
    .map(
      ([column, value]) =>
        () =>
          session.query(`select 1 from ${table} where ${quoted(database, column)} = $1 for update`, [value]),
    );
}
