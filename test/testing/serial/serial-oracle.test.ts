import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";

import { clock } from "../../support/databases.ts";
import { serverUrls } from "../../support/servers.ts";
import {
  ended,
  returned,
  stage,
  type UserConnection,
  type UserFunction,
  withUserDatabase,
} from "./user-database.ts";

describe.each(serverUrls())("final-state serializability on $kind", (server) => {
  const mysql = server.dialect === "mysql";
  const key = mysql ? "int auto_increment primary key" : "serial primary key";
  const engine = mysql ? " engine = innodb" : "";
  const p = (n: number): string => (mysql ? "?" : `$${n}`);
  const accounts = {
    schema: [`create table accounts (id int primary key, balance int not null)${engine}`],
    setup: ["delete from accounts", "insert into accounts values (1, 100), (2, 100)"],
  };
  const begin = mysql ? "start transaction" : "begin isolation level read committed";

  const balance = async (connection: UserConnection, id: number): Promise<number> =>
    Number((await connection.query(`select balance from accounts where id = ${id}`)).rows[0]?.balance);
  const withdraw =
    (amount: number): UserFunction =>
    async (connection) => {
      const left = (await balance(connection, 1)) - amount;
      await connection.query(`update accounts set balance = ${left} where id = 1`);
      return { left };
    };
  const insertOrder = async (connection: UserConnection, customer: string): Promise<number> => {
    const returning = mysql ? "" : " returning id";
    const { rows, insertId } = await connection.query(
      `insert into orders (customer) values (${p(1)})${returning}`,
      [customer],
    );
    return insertId ?? Number(rows[0]?.id);
  };

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

      const refused = await outcome(async () => [
        await ended(leave(1)(database.one)),
        await ended(leave(2)(database.other)),
      ]);
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
      const once = await outcome(async () => [
        await ended(findOrCreate(database.one)),
        await ended(findOrCreate(database.other)),
      ]);
      expect((await oracle.judge(once)).serializable).toBe(true);
    });
  });

  describe.each([
    ["restarted by the set-up", true],
    ["that go on", false],
  ])("generated keys %s", (_, restarted) => {
    const children = mysql
      ? `create table items (id ${key}, order_id int, what varchar(20), foreign key (order_id) references orders (id))${engine}`
      : `create table items (id ${key}, order_id int references orders (id), what varchar(20))`;
    const restart = mysql
      ? [
          "delete from notes",
          "delete from items",
          "delete from orders",
          "alter table orders auto_increment = 1",
          "alter table items auto_increment = 1",
        ]
      : ["truncate notes, items, orders restart identity"];
    const shop = {
      schema: [
        `create table orders (id ${key}, customer varchar(20))${engine}`,
        children,
        `create table notes (about int, text varchar(80))${engine}`,
      ],
      setup: [
        ...(restarted ? restart : ["delete from notes", "delete from items", "delete from orders"]),
        "insert into orders (customer) values ('old')",
      ],
    };
    const buy =
      (customer: string): UserFunction =>
      async (connection) => {
        const order = await insertOrder(connection, customer);
        await connection.query(`insert into items (order_id, what) values (${order}, 'book')`);
        await connection.query(`insert into notes values (${order}, 'order ${order} of ${customer}')`);
        return { order, text: `thank you for order #${order}`, lines: [{ order }] };
      };

    test("gaps and other orders of keys are no difference; another row is", async () => {
      await withUserDatabase(server, async (database) => {
        const { oracle, outcome } = await stage(database, { ...shop, functions: [buy("ann"), buy("bob")] });
        const interleaved = (extra: () => Promise<unknown>): ReturnType<typeof outcome> =>
          outcome(async () => {
            await database.other.query(begin);
            for (let i = 0; i < 3; i += 1) await insertOrder(database.other, "nobody");
            await database.other.query("rollback");
            const second = await ended(buy("bob")(database.one));
            const first = await ended(buy("ann")(database.other));
            await extra();
            return [first, second];
          });
        expect(await oracle.judge(await interleaved(async () => undefined))).toMatchObject({
          serializable: true,
        });
        const more = await oracle.judge(await interleaved(() => buy("eve")(database.one)));
        expect(more.serializable).toBe(false);
        expect(more.why).toContain(
          "the row (customer='eve') of orders: there once here; not there after every serial order",
        );
        const changed = await oracle.judge(
          await interleaved(() =>
            database.one.query("update orders set customer = 'new' where customer = 'old'"),
          ),
        );
        expect(changed.serializable).toBe(false);
        expect(changed.why).toMatch(
          restarted
            ? /orders.customer of the row id=1: 'new' here; 'old' after every/
            : /customer='old'\) of orders: not there here/,
        );
      });
    });
  });

  test("time stamps, computed columns and UUIDs are no difference, whatever they are cut to", async () => {
    await withUserDatabase(server, async (database) => {
      const time = mysql ? "datetime" : "timestamp(0)";
      const later = mysql ? "now() + interval 30 day" : "now() + interval '30 days'";
      const note: UserFunction = async (connection) => {
        const id = randomUUID();
        await connection.query(
          `insert into visits (id, expires, doubled) values (${p(1)}, ${later}, ${p(2)})`,
          [id, 4],
        );
        const { rows } = await connection.query(`select expires, seen from visits where id = ${p(1)}`, [id]);
        return { id, text: `visit ${id}`, rows, at: clock.date(), ms: clock.date().getTime() };
      };
      const { oracle, outcome, catalogue } = await stage(database, {
        schema: [
          `create table visits (id char(36), seen ${time} default now(), expires ${time}, doubled int, twice int generated always as (doubled * 2) stored)${engine}`,
        ],
        setup: ["delete from visits"],
        functions: [note, note],
      });
      expect(catalogue.tables[0]?.columns.map(({ name }) => name)).toStrictEqual([
        "id",
        "expires",
        "doubled",
      ]);
      const early = await outcome(async () => [
        await ended(note(database.one)),
        await ended(note(database.other)),
      ]);
      await clock.sleep(1_100);
      expect(await oracle.judge(early)).toMatchObject({ serializable: true });
      const missing = await outcome(async () => [
        await ended(note(database.one)),
        await ended(note(database.other)),
      ]);
      await database.execute("delete from visits");
      const state = { ...missing, state: (await outcome(async () => [])).state };
      expect((await oracle.judge(state)).serializable).toBe(false);
    });
  });

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
      const run = (): ReturnType<typeof outcome> =>
        outcome(async () => [await ended(create(database.one)), await ended(create(database.other))]);
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
      const good = await outcome(async () => [
        await ended(read(database.one)),
        await ended(read(database.other)),
      ]);
      expect((await oracle.judge(good)).serializable).toBe(true);
      const other = await database.other.query("select id, balance + 1 as balance from accounts");
      const verdict = await oracle.judge({ ...good, sessions: [good.sessions[0], returned(other.raw)] });
      expect(verdict.serializable).toBe(false);
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
