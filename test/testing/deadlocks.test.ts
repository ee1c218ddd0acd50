import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { Access } from "../support/access.ts";
import { accounts, addNaively, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

/** Takes a second connection while it holds the first one. */
function greedily(app: Access): () => Promise<void> {
  return function greedy() {
    return app.transaction(async (send) => {
      await valueOf(send, 1);
      await app.transaction((other) => valueOf(other, 2));
    });
  };
}

describe.each(cases)("$name on $kind", (way) => {
  test("sessions that wait for each other's connections have found a deadlock, and show how", async () => {
    await withAccess(
      way,
      async (app) => {
        const sessions = [greedily(app), greedily(app)];
        const result = await explore(app.database, { setup: accounts, sessions });
        expect(result).toMatchObject({
          valid: false,
          notes: [],
          finding: { kind: "deadlock", statements: 2 },
        });
        const { finding, report } = result;
        expect(finding?.message).toMatch(
          /\n {2}greedy \(0\) has a transaction open on one connection, and waits for one more\.\n/,
        );
        expect(finding?.message).toMatch(
          /\n {2}greedy \(1\) has a transaction open on one connection, and waits for one more\.\n/,
        );
        expect(finding?.message).toMatch(/Production hangs in the same way/);
        expect(finding?.message).toMatch(/give the pool of the test a connection more for each session/);
        expect(finding?.endings).toEqual(["greedy (0) did not end", "greedy (1) did not end"]);
        expect(finding?.interleaving.match(/select value/g)).toHaveLength(2);
        expect(report).toContain(`ISOLAB_REPLAY=${finding?.replay}`);
        expect(report).not.toMatch(/SERIALIZABLE|no concurrency|to mend it/);

        const again = await explore(app.database, {
          setup: accounts,
          sessions,
          replay: finding?.replay ?? "",
        });
        expect(again.finding).toEqual({ ...finding, schedule: 0 });
        // Both connections are free again.
        await Promise.all([app.transaction((send) => valueOf(send, 1)), valueOf(app.query, 1)]);
      },
      2,
    );
  });

  test("with a connection more for each session there is none", async () => {
    await withAccess(
      way,
      async (app) => {
        const result = await explore(app.database, {
          setup: accounts,
          sessions: [greedily(app), greedily(app)],
        });
        expect(result).toMatchObject({ valid: true, notes: [] });
      },
      4,
    );
  });

  test("so is one in which a lock is waited for by who has the last connection", async () => {
    await withAccess(
      way,
      async (app) => {
        const audited = (): Promise<void> =>
          app.transaction(async (send) => {
            await send("update account set value = value + 1 where id = 1");
            await valueOf(app.query, 2);
          });
        const { finding } = await explore(app.database, { setup: accounts, sessions: [audited, audited] });
        expect(finding?.kind).toBe("deadlock");
        const waits = finding?.message.match(
          /has a transaction open on one connection, and waits for (?:one more|a lock)\./g,
        );
        expect(waits?.map((text) => text.replace(/.* for /, "")).sort()).toEqual(["a lock.", "one more."]);
      },
      2,
    );
  });

  test.each(["the connection's own", "sent"])(
    "it is not one where a limit ends the wait: %s",
    async (how) => {
      const limit = way.kind === "postgres" ? "lock_timeout" : "innodb_lock_wait_timeout";
      await withAccess(
        way,
        async (app) => {
          if (how !== "sent") await limitAll(app, `set session ${limit} = 10`);
          const session = async (): Promise<void> => {
            for (let tries = 0; tries < 9; tries++) {
              try {
                await app.transaction(async (send) => {
                  if (how === "sent")
                    await send(`set session ${limit} = ${way.kind === "postgres" ? 4000 : 4}`);
                  await send("update account set value = value + 1 where id = 1");
                  await valueOf(app.query, 2);
                });
                return;
              } catch (error) {
                if (!/lock ?(?:wait )?timeout/i.test(String(error))) throw error;
              }
            }
          };
          const { valid, finding, notes } = await explore(app.database, {
            setup: accounts,
            sessions: [session, session],
            schedules: 3,
          });
          expect(finding).toBeUndefined();
          expect(valid).toBe("unknown");
          expect(notes.join()).toMatch(
            new RegExp(`waits for a lock, and \`(?:set session )?${limit} .* ends that`),
          );
        },
        2,
      );
    },
  );

  test("a function that starves by itself is told so, before any schedule", async () => {
    await withAccess(
      way,
      async (app) => {
        await expect(
          explore(app.database, { setup: accounts, sessions: [greedily(app), greedily(app)] }),
        ).rejects.toThrow(
          /^greedy \(0\) waits for a connection of a pool that has none left, with nobody else at work, and has a transaction open on one connection itself\. Production hangs .* Else give the pool/,
        );
        await valueOf(app.query, 1);
      },
      1,
    );
  });

  test("connections that are never given back are told of", async () => {
    await withAccess(
      way,
      async (app) => {
        const pool = app.database as unknown as Partial<Record<"connect" | "getConnection", Take>>;
        const take: Take = () => (pool.connect?.bind(pool) ?? pool.getConnection?.bind(pool) ?? refuse)();
        const taken: Taken[] = [];
        const leaks = async (): Promise<void> => {
          const one = await take();
          taken.push(one);
          await one.query("select value from account where id = 1");
        };
        await expect(explore(app.database, { setup: accounts, sessions: [leaks, leaks] })).rejects.toThrow(
          /^leaks \([01]\) waited in vain for a connection .* not given back \(release them in a/,
        );
        for (const one of taken) one.release();
      },
      2,
    );
  });

  test("a function that waits for its own lock is told so", async () => {
    await withAccess(way, async (app) => {
      const forgetful = (): Promise<void> =>
        app.transaction(async (send) => {
          await send("update account set value = value + 1 where id = 1");
          // Not over the transaction's connection.
          await app.query("update account set value = value + 1 where id = 1");
        });
      await expect(
        explore(app.database, { setup: accounts, sessions: [forgetful, forgetful] }),
      ).rejects.toThrow(
        /^forgetful \(0\) waits for a lock that it holds itself: it has a transaction open on one connection.* Send both over one connection/,
      );
    });
  });

  test("a function that waits for a lock of its own transaction at once is told what to do", async () => {
    await withAccess(way, async (app) => {
      const both = (): Promise<unknown> => Promise.all([addNaively(app, 1), addNaively(app, 2)]);
      await expect(explore(app.database, { setup: accounts, sessions: [both, both] })).rejects.toThrow(
        /^both \([01]\) has several statements under way at once.*make each of them a session/,
      );
    });
  });

  test("a function that races with itself is unknown, and is told what to do", async () => {
    await withAccess(way, async (app) => {
      const add = async (): Promise<void> => {
        const value = await valueOf(app.query, 1);
        await app.query("update account set value = $1 where id = 1", [value + 1]);
      };
      let calls = 0;
      const twice = async (): Promise<void> => {
        // Together or one after the other: as connections come, made certain.
        if (++calls % 3 === 0) await add();
        else await Promise.all([add(), add()]);
      };
      const result = await explore(app.database, { setup: accounts, sessions: [twice, twice] });
      expect(result).toMatchObject({ valid: "unknown", finding: undefined });
      expect(result.notes.join()).toMatch(
        /twice \([01]\) has several statements under way at once.*make each of them a session/,
      );
      expect(result.notes.join()).not.toContain("ignore:");
    });
  });
});

/** Sends a statement over each of two connections. */
async function limitAll(app: Access, sql: string): Promise<void> {
  await app.transaction(async (send) => {
    await send(sql);
    await app.query(sql);
  });
}

interface Taken {
  query(sql: string): Promise<unknown>;
  release(): void;
}

type Take = () => Promise<Taken>;

const refuse: Take = () => Promise.reject(new Error("there is no pool"));
