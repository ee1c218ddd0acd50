import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";

import { clock } from "../../support/databases.ts";
import { serverUrls } from "../../support/servers.ts";
import { userCode } from "./user-code.ts";
import { ended, oneThenOther, stage, type UserFunction, withUserDatabase } from "./user-database.ts";

describe.each(serverUrls())("generated values on $kind", (server) => {
  const { begin, engine, insertOrder, key, mysql, p } = userCode(server);

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
      const early = await outcome(oneThenOther(database, note, note));
      await clock.sleep(1_100);
      expect(await oracle.judge(early)).toMatchObject({ serializable: true });
      const missing = await outcome(oneThenOther(database, note, note));
      await database.execute("delete from visits");
      const state = { ...missing, state: (await outcome(async () => [])).state };
      expect((await oracle.judge(state)).serializable).toBe(false);
    });
  });
});
