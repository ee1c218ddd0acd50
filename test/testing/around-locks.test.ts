import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceOptions } from "../../src/testing/race-options.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import type { Access } from "../support/access.ts";
import { accounts, usualCases, valueOf, withAccess, type RaceCase } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

const jobs = `drop table if exists jobs; create table jobs (id int primary key, done int not null);
              insert into jobs values (1, 0), (2, 0)`;

/** Does the first job that nobody has. Answers whether there was one. */
function take(app: Access, lock: string): Promise<boolean> {
  return app.transaction(async (send) => {
    const { rows } = await send(`select id from jobs where done = 0 order by id limit 1 for update ${lock}`);
    const [job] = rows;
    if (job !== undefined) await send("update jobs set done = 1 where id = $1", [job.id]);
    return job !== undefined;
  });
}

async function drain(app: Access): Promise<number> {
  let done = 0;
  while (await take(app, "skip locked")) done++;
  return done;
}

function race(way: RaceCase, options: (app: Access) => RaceOptions): Promise<RaceResult> {
  return withAccess(way, (app) => explore(app.database, { setup: jobs, diagnose: false, ...options(app) }));
}

describe.each(usualCases(servers))("who goes around locks: $name on $kind", (way) => {
  test("a queue with SKIP LOCKED is not accused of what no serial order does", async () => {
    const { valid, notes } = await race(way, (app) => ({ sessions: [() => drain(app), () => drain(app)] }));
    expect(valid).toBe("unknown");
    expect(notes.join()).toMatch(/SKIP LOCKED.*Say by an `invariant`/);
  });

  test("its invariant judges it", async () => {
    const told = await race(way, (app) => ({
      sessions: [() => drain(app), () => drain(app)],
      invariant: async (query) => (await query("select id from jobs where done = 0")).rows.length > 0,
    }));
    expect(told.finding?.kind).toBe("invariant");
  });

  test("a lock that is taken with NOWAIT is a lock", async () => {
    const { valid } = await race(way, (app) => ({
      setup: accounts,
      sessions: [1, 2].map(() => async () => {
        const value = await valueOf(app.query, 1, " for update nowait");
        await app.query("update account set value = $1 where id = 1", [value + 1]);
      }),
    }));
    expect(valid).toBe(false);
  });

  test.each([true, false])("a lock that is tried, and taken only if it was got: %s", async (heeds) => {
    const { valid } = await race(way, (app) => ({
      setup: accounts,
      sessions: [1, 2].map(
        () => () =>
          app.transaction(async (send) => {
            const lock =
              way.kind === "postgres"
                ? "select pg_try_advisory_xact_lock(7) as got"
                : "select get_lock('x', 0) as got";
            const got = (await send(lock)).rows[0]?.got;
            if (heeds && got !== true && got !== 1) return false;
            const value = await valueOf(send, 1);
            await send("update account set value = $1 where id = 1", [value + 1]);
            return true;
          }),
      ),
    }));
    expect(valid).toBe("unknown");
  });

  test.each(triedLocks[way.kind])("a lock that is tried, and told of otherwise: %s", async (tried) => {
    const { valid, notes } = await race(way, (app) => ({
      setup: accounts,
      sessions: [1, 2].map(
        () => () =>
          app.transaction(async (send) => {
            const { rows } = await send(tried);
            const [told] = rows;
            if (told === undefined || told.is === "busy") return "busy";
            await send("update account set value = value + 1 where id = 1");
            if (way.kind === "mariadb") await send("select release_lock('x')");
            return "done";
          }),
      ),
    }));
    expect(valid).toBe("unknown");
    expect(notes.join()).toMatch(/a lock that was only tried/);
  });

  test("a wait that its own timeout ends", async () => {
    const { valid, notes } = await race(way, (app) => ({
      setup: accounts,
      sessions: [1, 2].map(() => async () => {
        try {
          return await app.transaction(async (send) => {
            await send(way.kind === "postgres" ? shortWait : "set session innodb_lock_wait_timeout = 0");
            await send("select value from account where id = 1 for update");
            await send("update account set value = value + 1 where id = 1");
            return "done";
          });
        } catch (error) {
          return codeOf(error);
        }
      }),
    }));
    expect(valid).toBe("unknown");
    expect(notes.join()).toMatch(/a wait that a timeout has ended/);
  });

  test("a function in the database that goes around locks", async () => {
    const { valid, notes } = await race(way, (app) => ({
      setup: async (query) => {
        for (const sql of [...jobs.split(";"), ...claims[way.kind]]) await query(sql);
      },
      sessions: [1, 2].map(
        (by) => () =>
          app.transaction(async (send) => {
            const { rows } = await send("select claim() as id");
            await send("update jobs set done = $1 where id = $2", [by, rows[0]?.id]);
            if (by === 1) throw new Error("the job failed");
            return rows[0]?.id;
          }),
      ),
    }));
    expect(valid).toBe("unknown");
    expect(notes.join()).toMatch(/went around the locks of others/);
  });
});

const triedLocks: Readonly<Record<RaceCase["kind"], readonly string[]>> = {
  postgres: [
    "select id from account where id = 1 and pg_try_advisory_xact_lock(id)",
    "select case when pg_try_advisory_xact_lock(1) then 'mine' else 'busy' end as is",
    "select 1 as one where pg_try_advisory_xact_lock(1)",
    "select 1 as one from (select pg_try_advisory_xact_lock(hashtext('x')) as got) t where got",
  ],
  mariadb: [
    "select if(get_lock('x', 0) = 1, 'mine', 'busy') as `is`",
    "select id from account where id = 1 and get_lock('x', 0) = 1",
  ],
};

const shortWait = "set local lock_timeout = '1ms'";

const claims: Readonly<Record<RaceCase["kind"], readonly string[]>> = {
  postgres: [
    `create or replace function claim() returns int language sql
     as 'select id from jobs where done = 0 order by id limit 1 for update skip locked'`,
  ],
  mariadb: [
    "drop function if exists claim",
    `create function claim() returns int reads sql data
     return (select id from jobs where done = 0 order by id limit 1 for update skip locked)`,
  ],
};

/** What PostgreSQL or MariaDB calls an error. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
