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

describe.each(serverUrls())("final-state serializability on $kind", (server) => {
  const { accounts, balance, engine, insertOrder, key, withdraw } = userCode(server);

  test("a lost update is not serializable, and the answer says where it shows", async () => {
    await withUserDatabase(server, async (database) => {
      const { one, other } = database;
      const { oracle, outcome, orders } = await stage(database, {
        ...accounts,
        functions: [withdraw(10), withdraw(10)],
      });
      const lost = await outcome(async () => {
        await balance(one, 1);
        await balance(other, 1);
        await one.query("update accounts set balance = 90 where id = 1");
        await other.query("update accounts set balance = 90 where id = 1");
        return [returned({ left: 90 }), returned({ left: 90 })];
      });
      const verdict = await oracle.judge(lost);
      expect(verdict.serializable).toBe(false);
      expect(verdict.why.split("\n")).toStrictEqual([
        "No serial order of the functions leads to this outcome.",
        "  Closest is session 0, then session 1, from which it differs in:",
        "    result.left of session 1: 90 here; 80 after that order",
        "    accounts.balance of the row id=1: 90 here; 80 after every serial order",
      ]);
      expect(orders).toHaveLength(6);
      expect((await oracle.judge(lost)).serializable).toBe(false);
      expect(orders).toHaveLength(6);
    });
  });

  test("serial executions are serializable, and orders are run until one fits", async () => {
    await withUserDatabase(server, async (database) => {
      const functions = [withdraw(10), withdraw(20), withdraw(30)];
      const { oracle, outcome, orders } = await stage(database, { ...accounts, functions });
      const run = (order: readonly number[]): ReturnType<typeof outcome> =>
        outcome(async () => {
          const endings = [];
          for (const session of order) endings[session] = await ended(functions[session]!(database.other));
          return endings;
        });
      expect(await oracle.judge(await run([0, 1, 2]))).toMatchObject({ serializable: true });
      expect(orders).toStrictEqual(["012", "012"]);
      expect(await oracle.judge(await run([2, 0, 1]))).toStrictEqual({
        serializable: true,
        why: "The same as session 2, then session 0, then session 1.",
      });
      expect(new Set(orders).size).toBe(5);
    });
  });

  test("write skew is not serializable", async () => {
    await withUserDatabase(server, async (database) => {
      const leave =
        (id: number): UserFunction =>
        async (connection) => {
          const { rows } = await connection.query("select count(*) as n from accounts where balance > 0");
          if (Number(rows[0]?.n) < 2) throw new Error("somebody must stay");
          await connection.query(`update accounts set balance = 0 where id = ${id}`);
          return undefined;
        };
      const { oracle, outcome } = await stage(database, { ...accounts, functions: [leave(1), leave(2)] });
      const skewed = await outcome(async () => {
        await database.one.query("update accounts set balance = 0");
        return [returned(undefined), returned(undefined)];
      });
      const { serializable, why } = await oracle.judge(skewed);
      expect(serializable).toBe(false);
      expect(why).toContain(
        "session 1: returned undefined here; threw Error: somebody must stay after that order",
      );
      expect(why).toContain("accounts.balance of the row id=2: 0 here; 100 after");

      const refused = await outcome(oneThenOther(database, leave(1), leave(2)));
      expect((await oracle.judge(refused)).serializable).toBe(true);
    });
  });

  test("two sessions that both create what was to be there once", async () => {
    await withUserDatabase(server, async (database) => {
      const findOrCreate: UserFunction = async (connection) => {
        const { rows } = await connection.query("select id from orders where customer = 'ann'");
        return rows.length > 0 ? Number(rows[0]?.id) : insertOrder(connection, "ann");
      };
      const { oracle, outcome } = await stage(database, {
        schema: [
          `create table orders (id ${key}, customer varchar(20), status varchar(9) default 'new')${engine}`,
        ],
        setup: ["delete from orders"],
        functions: [findOrCreate, findOrCreate],
      });
      const twice = await outcome(async () => [
        returned(await insertOrder(database.one, "ann")),
        returned(await insertOrder(database.other, "ann")),
      ]);
      const { serializable, why } = await oracle.judge(twice);
      expect(serializable).toBe(false);
      expect(why).toContain(
        "the row (customer='ann', status='new') of orders: there twice here; there once after every serial order",
      );
      const once = await outcome(oneThenOther(database, findOrCreate, findOrCreate));
      expect((await oracle.judge(once)).serializable).toBe(true);
    });
  });

  test("what threw and left nothing is left out; what threw after a commit is unknown", async () => {
    await withUserDatabase(server, async (database) => {
      const { oracle, outcome, orders } = await stage(database, {
        ...accounts,
        functions: [withdraw(10), withdraw(20), withdraw(30)],
      });
      const threw = (committed: boolean) => ({
        type: "threw" as const,
        error: new Error("deadlock"),
        committed,
      });
      const aborted = await outcome(async () => [
        await ended(withdraw(10)(database.one)),
        threw(false),
        await ended(withdraw(30)(database.one)),
      ]);
      expect(await oracle.judge(aborted)).toMatchObject({ serializable: true });
      expect(orders).toStrictEqual(["02", "02"]);
      const lost = await outcome(async () => {
        await database.one.query("update accounts set balance = 70 where id = 1");
        return [returned({ left: 90 }), threw(false), returned({ left: 70 })];
      });
      const verdict = await oracle.judge(lost);
      expect(verdict.serializable).toBe(false);
      expect(verdict.why).toContain("Left out, since it threw and nothing of it was permanent: session 1.");
      const torn = { ...lost, sessions: [returned({ left: 90 }), threw(true), returned({ left: 70 })] };
      const answer = await oracle.judge(torn);
      expect(answer.serializable).toBe("unknown");
      expect(answer.why).toContain("session 1 threw after a part of the work had become permanent");
      const trace = await outcome(async () => {
        await database.one.query("update accounts set balance = 1 where id = 1");
        return [threw(false), threw(false), threw(false)];
      });
      expect((await oracle.judge(trace)).serializable).toBe(false);
    });
  });

  test("what drivers answer is compared by its rows", async () => {
    await withUserDatabase(server, async (database) => {
      const read: UserFunction = async (connection) =>
        (await connection.query("select * from accounts where balance > 1 order by id")).raw;
      const { oracle, outcome } = await stage(database, { ...accounts, functions: [read, read] });
      const good = await outcome(oneThenOther(database, read, read));
      expect((await oracle.judge(good)).serializable).toBe(true);
      const other = await database.other.query("select id, balance + 1 as balance from accounts");
      const verdict = await oracle.judge({ ...good, sessions: [good.sessions[0], returned(other.raw)] });
      expect(verdict.serializable).toBe(false);
    });
  });
});
