import type pg from "pg";
import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { appTest, describeUsualApps } from "../support/app-test.ts";
import { accounts, accountsHold, holds, valueOf } from "../support/race-apps.ts";

function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown }).code);
}

describeUsualApps("$name on $kind", (test, way) => {
  test("a deadlock reaches the code as the driver's error, and only one of them", async (app) => {
    const codes: string[] = [];
    const move = (from: number, to: number): Promise<void> =>
      app.transaction(async (send) => {
        await send("update account set value = value - 1 where id = $1", [from]);
        await send("update account set value = value + 1 where id = $1", [to]);
      });
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => move(1, 2), () => move(2, 1)],
      invariant: async (query, endings) => {
        for (const ending of endings) if (ending.type === "threw") codes.push(codeOf(ending.error));
        expect(endings.filter(({ type }) => type === "threw").length).toBeLessThan(2);
        return (await holds(query, 1)) + (await holds(query, 2)) === 30;
      },
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
    expect(new Set(codes)).toEqual(new Set([way.kind === "postgres" ? "40P01" : "ER_LOCK_DEADLOCK"]));
  });

  test("code that tries again after a deadlock comes to its end", async (app) => {
    let again = 0;
    const move = async (from: number, to: number): Promise<void> => {
      for (;;)
        try {
          await app.transaction(async (send) => {
            await send("update account set value = value - 1 where id = $1", [from]);
            await send("update account set value = value + 1 where id = $1", [to]);
          });
          return;
        } catch (error) {
          if (!["40P01", "ER_LOCK_DEADLOCK"].includes(codeOf(error))) throw error;
          again++;
        }
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => move(1, 2), () => move(2, 1)],
      invariant: accountsHold(10, 20),
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
    expect(again).toBeGreaterThan(0);
  });

  test("the commit of a transaction in which a statement has failed is answered as the server does", async (app) => {
    const stubborn = (): Promise<void> =>
      app.transaction(async (send) => {
        await send("update account set value = value + 1 where id = 1");
        await send("insert into account values (1, 5)").catch(() => undefined);
      });
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [stubborn, stubborn],
      // PostgreSQL has rolled back, MariaDB has left out the one statement.
      invariant: async (query) => (await holds(query, 1)) === (way.kind === "postgres" ? 10 : 12),
    });
    expect(result).toMatchObject({ valid: true, complete: true });
  });

  test("functions that always throw prove nothing", async (app) => {
    const broken = (): Promise<unknown> => app.query("insert into account values (1, 5)");
    const result = await explore(app.database, { setup: accounts, sessions: [broken, broken] });
    expect(result.valid).toBe("unknown");
    expect(result.notes.join()).toMatch(
      /never came to its end\. \w+ first error: .*(?:duplicate key|Duplicate entry)/s,
    );
  });

  test("one function that throws after the other has committed is an ending like any other", async (app) => {
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [
        () => app.query("update account set value = 0 where id = 1"),
        () =>
          app.transaction(async (send) => {
            if ((await valueOf(send, 1)) === 0) throw new Error("the account is empty");
          }),
      ],
      invariant: (_, [, second]) => {
        if (second.type === "threw") expect(second.error).toHaveProperty("message", "the account is empty");
        return second.type === "returned";
      },
      diagnose: false,
    });
    expect(result.valid).toBe(false);
  });

  appTest(way, 1)("a transaction that is left open is refused", async (app) => {
    const forgetful = async (): Promise<void> => {
      await app.query("begin");
      await app.query("update account set value = 0 where id = 1");
    };
    await expect(
      explore(app.database, {
        setup: accounts,
        sessions: [forgetful, () => app.query("select 1 as one")],
      }),
    ).rejects.toThrow(/left a transaction open.*commit it or roll it back/);
    // What it had locked is free.
    await app.query("update account set value = 1 where id = 1");
  });

  test("a transaction that is left open with locks that another session waits for is refused as well", async (app) => {
    const forgetful = async (): Promise<void> => {
      await app.query("begin");
      await app.query("update account set value = 0 where id = 1");
    };
    await expect(
      explore(app.database, { setup: accounts, sessions: [forgetful, forgetful] }),
    ).rejects.toThrow(/left a transaction open/);
  });

  if (way.kind === "postgres")
    test("code that does not roll back what has failed is raced all the same", async (app) => {
      const add = async (amount: number): Promise<void> => {
        const client = await (app.database as unknown as pg.Pool).connect();
        try {
          await client.query("begin");
          const { rows } = await client.query<{ value: number }>("select value from account where id = 1");
          await client.query("update account set value = $1 where id = 1", [(rows[0]?.value ?? 0) + amount]);
          await client.query("commit");
        } finally {
          client.release();
        }
      };
      const { finding } = await explore(app.database, {
        setup: accounts,
        isolation: "read committed",
        sessions: [() => add(1), () => add(2)],
        invariant: accountsHold(13),
      });
      expect(finding).toMatchObject({ statements: 4, diagnosis: { cause: "unknown" } });
    });
});
