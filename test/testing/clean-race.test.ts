import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { describeUsualApps } from "../support/app-test.ts";
import { accounts, accountsHold, valueOf } from "../support/race-apps.ts";

describeUsualApps("$name on $kind has no race", (test, way) => {
  test("with an update that adds by itself", async (app) => {
    const add = (amount: number): Promise<unknown> =>
      app.query("update account set value = value + $1 where id = $2", [amount, 1]);
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => add(1), () => add(2)],
      invariant: accountsHold(13),
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [], finding: undefined });
  });

  test("with an insert that a unique index lets in once", async (app) => {
    const create = async (): Promise<"created" | "found"> => {
      const { rows } = await app.query("select id from member where name = $1", ["ada"]);
      if (rows.length > 0) return "found";
      try {
        await app.query("insert into member (name) values ($1)", ["ada"]);
        return "created";
      } catch (error) {
        if (!["23505", "ER_DUP_ENTRY"].includes(String((error as { code?: unknown }).code))) throw error;
        return "found";
      }
    };
    const id = way.kind === "postgres" ? "serial" : "int auto_increment";
    const result = await explore(app.database, {
      setup: `drop table if exists member;
        create table member (id ${id} primary key, name varchar(20) not null unique)`,
      sessions: [create, create],
      invariant: async (query, endings) => {
        const { rows } = await query("select id from member");
        const answers = endings.map((ending) => (ending.type === "returned" ? ending.value : "threw"));
        return rows.length === 1 && answers.sort().join() === "created,found";
      },
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [], finding: undefined });
  });

  test("at SERIALIZABLE with a loop that tries again", async (app) => {
    let refusals = 0;
    const add = async (amount: number): Promise<void> => {
      for (;;)
        try {
          await app.transaction(async (send) => {
            const value = await valueOf(send, 1);
            await send("update account set value = $1 where id = $2", [value + amount, 1]);
          });
          return;
        } catch (error) {
          if (!["40001", "ER_LOCK_DEADLOCK"].includes(String((error as { code?: unknown }).code)))
            throw error;
          refusals++;
        }
    };
    const result = await explore(app.database, {
      setup: accounts,
      isolation: "serializable",
      sessions: [() => add(1), () => add(2)],
      invariant: accountsHold(13),
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [], finding: undefined });
    expect(refusals).toBeGreaterThan(0);
  });
});
