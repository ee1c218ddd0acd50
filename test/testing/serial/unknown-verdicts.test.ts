import { describe, expect, test } from "vitest";

import { serverUrls } from "../../support/servers.ts";
import { userCode } from "./user-code.ts";
import {
  ended,
  oneThenOther,
  returned,
  stage,
  type UserFunction,
  withUserDatabase,
} from "./user-database.ts";

describe.each(serverUrls())("what is not known to be serializable on $kind", (server) => {
  const { accounts, engine, withdraw } = userCode(server);

  test("functions that are not repeatable are unknown until what differs is declared", async () => {
    await withUserDatabase(server, async (database) => {
      let calls = 0;
      const draw: UserFunction = async (connection) => {
        calls += 1;
        await connection.query(`update accounts set balance = ${calls * 1_000} where id = 2`);
        return { ...((await withdraw(10)(connection)) as object), code: `${calls * 1_000}!` };
      };
      const functions = [draw, draw];
      const naive = await stage(database, { ...accounts, functions });
      const lost = await naive.outcome(async () => {
        await database.one.query("update accounts set balance = 90 where id = 1");
        return [returned({ left: 90, code: "x" }), returned({ left: 90, code: "x" })];
      });
      const verdict = await naive.oracle.judge(lost);
      expect(verdict.serializable).toBe("unknown");
      expect(verdict.why).toMatch(
        /not repeatable: accounts.balance is not the same .*ignore: \["accounts.balance"\]/,
      );
      const declared = await stage(database, {
        schema: [],
        setup: accounts.setup,
        functions,
        ignore: ["accounts.balance", "result.code"],
      });
      expect((await declared.oracle.judge(lost)).serializable).toBe(false);
    });
  });

  test("a set-up that does not put everything back is unknown", async () => {
    await withUserDatabase(server, async (database) => {
      const log: UserFunction = async (connection) => {
        await connection.query("insert into log values ('x')");
        return undefined;
      };
      const { oracle, outcome } = await stage(database, {
        ...accounts,
        schema: [...accounts.schema, `create table log (text varchar(9))${engine}`],
        functions: [log, log],
      });
      const verdict = await oracle.judge(await outcome(async () => [returned(1), returned(1)]));
      expect(verdict.serializable).toBe("unknown");
      expect(verdict.why).toMatch(/set-up does not make the same state each time: log differs/);
    });
  });

  test("an execution that began with something else is unknown", async () => {
    await withUserDatabase(server, async (database) => {
      const create: UserFunction = async (connection) => {
        const { rows } = await connection.query("select 1 as one from tags where name = 'new'");
        if (rows.length === 0) await connection.query("insert into tags (name) values ('new')");
        return { created: rows.length === 0 };
      };
      const { oracle, outcome } = await stage(database, {
        ...accounts,
        schema: [...accounts.schema, `create table tags (name varchar(9))${engine}`],
        functions: [create, create],
      });
      const run = (): ReturnType<typeof outcome> => outcome(oneThenOther(database, create, create));
      const first = await run();
      const verdict = await oracle.judge(first);
      expect(verdict.serializable).toBe("unknown");
      expect(verdict.why).toMatch(/set-up does not make the same state each time: tags differs/);

      await database.execute("delete from tags");
      const rehearsed = await stage(database, {
        schema: [],
        setup: accounts.setup,
        functions: [create, create],
      });
      await rehearsed.oracle.rehearse();
      expect(rehearsed.orders).toStrictEqual(["01", "01", "01"]);
      expect(await rehearsed.oracle.judge(await run())).toMatchObject({ serializable: true });
    });
  });

  test("a serial run that is disturbed, or fails, is unknown", async () => {
    await withUserDatabase(server, async (database) => {
      const held: UserFunction = async () => {
        throw Object.assign(new Error("canceling statement due to lock timeout"), { code: "55P03" });
      };
      const { oracle, outcome } = await stage(database, { ...accounts, functions: [held, withdraw(10)] });
      const both = await outcome(async () => [returned(1), await ended(withdraw(10)(database.one))]);
      const verdict = await oracle.judge(both);
      expect(verdict.serializable).toBe("unknown");
      expect(verdict.why).toContain(
        "session 0, run alone, threw what only others or a lost connection bring about",
      );

      const gone = await stage(database, { schema: [], setup: accounts.setup, functions: [withdraw(10)] });
      const fits = await gone.outcome(async () => [await ended(withdraw(10)(database.one))]);
      await database.execute("drop table accounts");
      const answer = await gone.oracle.judge(fits);
      expect(answer.serializable).toBe("unknown");
      expect(answer.why).toMatch(/^A serial order could not be run: .*accounts/);
      expect(answer.cause).toBeInstanceOf(Error);
    });
  });

  test("functions that draw lots are found out by running few orders three times", async () => {
    await withUserDatabase(server, async (database) => {
      let calls = 0;
      const third: UserFunction = async (connection) => {
        calls += 1;
        return withdraw(calls > 4 ? 5 : 10)(connection);
      };
      const { oracle, outcome } = await stage(database, { ...accounts, functions: [third] });
      const five = await outcome(async () => [await ended(withdraw(1)(database.one))]);
      calls = 2;
      const { serializable, why } = await oracle.judge(five);
      expect(why).toContain("not repeatable");
      expect(serializable).toBe("unknown");
    });
  });

  test("more than five sessions, and a table of more than 10,000 rows", async () => {
    await withUserDatabase(server, async (database) => {
      const functions = Array.from({ length: 6 }, () => withdraw(1));
      const { oracle, outcome } = await stage(database, { ...accounts, functions });
      const six = await outcome(async () => functions.map(() => returned(1)));
      expect((await oracle.judge(six)).why).toContain("6 sessions made something permanent");

      const digits =
        "(select 0 d union all select 1 union all select 2 union all select 3 union all select 4 union all select 5 union all select 6 union all select 7 union all select 8 union all select 9)";
      const large = await stage(database, {
        schema: [
          `create table large (n int)${engine}`,
          `insert into large select 1 from ${digits} a, ${digits} b, ${digits} c, ${digits} d, (select 1 x union all select 2) e`,
        ],
        setup: accounts.setup,
        functions: [withdraw(10)],
      });
      const fits = await large.outcome(async () => [await ended(withdraw(10)(database.one))]);
      expect(await large.oracle.judge(fits)).toStrictEqual({
        serializable: true,
        why: "The same as session 0. large has more than 10000 rows and was not compared.",
      });
    });
  });
});
