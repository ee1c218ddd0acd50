import { describe, expect, test } from "vitest";

import { clock } from "../../support/databases.ts";
import { serverUrls } from "../../support/servers.ts";
import { ended, stage, type UserConnection, type UserFunction, withUserDatabase } from "./user-database.ts";

/** What two sessions do at once at SERIALIZABLE is serializable, whatever the server makes of it. */
describe.each(serverUrls())("what $kind lets happen at SERIALIZABLE", (server) => {
  const mysql = server.dialect === "mysql";
  const key = mysql ? "int auto_increment primary key" : "int generated always as identity primary key";
  const uuid = mysql ? "char(36) default (uuid())" : "uuid default gen_random_uuid()";
  const reference = mysql ? "int, foreign key (about) references guests (id)" : "int references guests (id)";
  const returning = mysql ? "" : " returning id";

  const schema = [
    `create table guests (id ${key}, name varchar(20) unique, visits int not null, seen timestamp default now())`,
    `create table log (id ${key}, uid ${uuid}, text varchar(80), due date, about ${reference})`,
    "create table counters (id int primary key, n double precision not null)",
  ];
  const setup = [
    "delete from log",
    "delete from guests",
    "delete from counters",
    "insert into counters values (1, 0.1), (2, 0.2)",
    "insert into guests (name, visits) values ('zoe', 1)",
  ];

  const visit =
    (name: string, counter: number): UserFunction =>
    async (connection) => {
      const found = await connection.query(`select id, visits from guests where name = '${name}'`);
      let id = Number(found.rows[0]?.id);
      if (found.rows.length > 0)
        await connection.query(`update guests set visits = visits + 1 where id = ${id}`);
      else {
        const made = await connection.query(
          `insert into guests (name, visits) values ('${name}', 1)${returning}`,
        );
        id = made.insertId ?? Number(made.rows[0]?.id);
      }
      const sum = await connection.query("select sum(n) as sum from counters");
      await connection.query(`update counters set n = n + 0.3 where id = ${counter}`);
      const later = mysql ? "curdate() + interval 30 day" : "current_date + 30";
      await connection.query(
        `insert into log (text, due, about) values ('guest ${id}: ${name}', ${later}, ${id})`,
      );
      const rows = await connection.query("select text, due from log");
      return { id, sum: sum.rows[0]?.sum, log: rows.rows, at: clock.date() };
    };

  const inTransaction =
    (body: UserFunction): UserFunction =>
    async (connection: UserConnection) => {
      if (mysql) await connection.query("set session transaction isolation level serializable");
      await connection.query(mysql ? "start transaction" : "begin isolation level serializable");
      try {
        const answer = await body(connection);
        await connection.query("commit");
        return answer;
      } catch (error) {
        await connection.query("rollback");
        throw error;
      }
    };

  test("is never said not to be serializable", async () => {
    await withUserDatabase(server, async (database) => {
      const cases: readonly (readonly [UserFunction, UserFunction])[] = [
        [visit("ann", 1), visit("ann", 1)],
        [visit("ann", 1), visit("zoe", 2)],
        [visit("zoe", 2), visit("bob", 1)],
      ];
      const verdicts: unknown[] = [];
      let aborted = 0;
      let made: readonly string[] = schema;
      for (const bodies of cases) {
        const functions = bodies.map(inTransaction);
        const { oracle, outcome } = await stage(database, { schema: made, setup, functions });
        made = [];
        for (let round = 0; round < 12; round += 1) {
          const both = await outcome(() =>
            Promise.all([ended(functions[0]!(database.one)), ended(functions[1]!(database.other))]),
          );
          aborted += both.sessions.filter((ending) => ending?.type === "threw").length;
          verdicts.push(await oracle.judge(both));
        }
      }
      expect(
        verdicts.filter((verdict) => (verdict as { serializable: unknown }).serializable !== true),
      ).toStrictEqual([]);
      expect(aborted).toBeGreaterThan(0);
    });
  });

  test("and without transactions the same functions are found out", async () => {
    await withUserDatabase(server, async (database) => {
      const functions = [visit("zoe", 1), visit("bob", 2)];
      const { oracle, outcome } = await stage(database, { schema, setup, functions });
      const interleaved = await outcome(async () => {
        const waiting: (() => void)[] = [];
        const paused = (connection: UserConnection): UserConnection => ({
          query: async (sql, params) => {
            const answer = await connection.query(sql, params);
            if (sql.startsWith("select sum")) await new Promise<void>((resolve) => waiting.push(resolve));
            return answer;
          },
        });
        const both = [
          ended(functions[0]!(paused(database.one))),
          ended(functions[1]!(paused(database.other))),
        ];
        while (waiting.length < 2) await clock.sleep(1);
        for (const go of waiting) {
          go();
          await clock.sleep(30);
        }
        return Promise.all(both);
      });
      const { serializable, why } = await oracle.judge(interleaved);
      expect(why).toMatch(/result.sum of session [01]: 0.3\d* here; 0.6\d* after that order/);
      expect(serializable).toBe(false);
    });
  });
});
