import { describe, expect, test } from "vitest";

import { advanceGenerators, generatorPositions } from "../../../src/testing/serial/advance-generators.ts";
import { describeState } from "../../../src/testing/serial/describe-state.ts";
import { readState } from "../../../src/testing/serial/read-state.ts";
import { serverUrls, type SharedServer } from "../../support/servers.ts";
import { withUserDatabase } from "./user-database.ts";

const schemas: Readonly<Record<SharedServer["dialect"], readonly string[]>> = {
  postgres: [
    `create table parent (
       id int generated always as identity primary key, code text unique, made timestamptz default current_timestamp,
       day date default current_date, token text default md5(random()::text), state varchar(9) default 'new'::varchar,
       price numeric(10, 2) default 1.50, gross numeric generated always as (price * 2) stored,
       uid uuid default gen_random_uuid(), tags text[] default '{}'::text[])`,
    "create table child (parent_id int primary key references parent (id), n int)",
    "create table grandchild (child_id int references child (parent_id), uid uuid)",
    'create table "Odd ""name" ("select" bigint, "a.b" double precision, bin bytea, j json, e int)',
    "create sequence invoice increment by 5 start 100",
    "create sequence full_up maxvalue 3",
    "create table numbered (no bigint default nextval('invoice'), of_day time)",
    "create view seen as select * from parent",
    'insert into "Odd ""name" values (9007199254740993, 0.1, \'\\x00ff\', \'{"b": 1,  "a": [1, 2]}\', null)',
  ],
  mysql: [
    `create table parent (
       id int auto_increment primary key, code varchar(20) unique, made timestamp(6) default current_timestamp(6),
       touched datetime default '2020-01-01 00:00:00' on update current_timestamp, token char(40) default (sha1(rand())),
       state varchar(9) default 'new (x)', price decimal(10, 2) default 1.50,
       gross decimal(12, 2) generated always as (price * 2) stored, uid char(36) default (uuid())) engine = innodb`,
    "create table child (parent_id int primary key, n int, foreign key (parent_id) references parent (id)) engine = innodb",
    "create table grandchild (child_id int, uid char(36), foreign key (child_id) references child (parent_id)) engine = innodb",
    "create table `Odd ``name` (`select` bigint, `a.b` double, bin varbinary(9), j json, e int) engine = innodb",
    "create sequence invoice increment by 5 start 100",
    "create table numbered (no bigint default (next value for invoice), of_day time) engine = innodb",
    "create view seen as select * from parent",
    "insert into `Odd ``name` values (9007199254740993, 0.1, x'00ff', '{\"b\": 1,  \"a\": [1, 2]}', null)",
  ],
};

describe.each(serverUrls())("the tables of a user on $kind", (server) => {
  test("which columns are compared, and which are generated", async () => {
    await withUserDatabase(server, async (database) => {
      const { ask, dialect } = database;
      await database.execute(...schemas[dialect]);
      const { tables } = await describeState(ask, dialect);
      const columns = Object.fromEntries(
        tables.map(({ name, columns: of }) => [
          name,
          of.map((each) => [each.name, each.keyOf ?? each.content].join(" ")),
        ]),
      );
      expect(columns).toStrictEqual({
        child: ["parent_id parent.id", "n exact"],
        grandchild: ["child_id parent.id", "uid text"],
        numbered: ["no numbered.no", "of_day text"],
        parent: [
          "id parent.id",
          "code text",
          "state text",
          "price exact",
          "uid parent.uid",
          ...(dialect === "postgres" ? ["tags text"] : []),
        ],
        [dialect === "postgres" ? 'Odd "name' : "Odd `name"]: [
          "select exact",
          "a.b float",
          "bin bytes",
          "j text",
          "e exact",
        ],
      });
      expect(tables.map(({ primaryKey }) => primaryKey.join())).toStrictEqual([
        "",
        "parent_id",
        "",
        "",
        "id",
      ]);
    });
  });

  test("values are read as the server's own text", async () => {
    await withUserDatabase(server, async (database) => {
      const { ask, dialect } = database;
      await database.execute(...schemas[dialect]);
      const { tables } = await readState(ask, await describeState(ask, dialect));
      const [odd] = tables.values();
      const bin = dialect === "postgres" ? "\\x00ff" : "00ff";
      expect(odd).toStrictEqual({
        type: "rows",
        rows: [["9007199254740993", "0.1", bin, '{"b": 1,  "a": [1, 2]}', null]],
      });
    });
  });

  test("every generator is moved on, and what comes next is beyond its position", async () => {
    await withUserDatabase(server, async (database) => {
      const { ask, dialect } = database;
      await database.execute(...schemas[dialect], "insert into parent (code) values ('a'), ('b')");
      const catalogue = await describeState(ask, dialect);
      const before = await generatorPositions(ask, catalogue);
      const { positions: after, unmoved } = await advanceGenerators(ask, catalogue);
      await database.execute(
        "insert into parent (code) values ('c')",
        "insert into numbered (of_day) values ('10:00:00')",
      );
      const [{ id } = { id: 0 }] = await ask("select max(id) as id from parent");
      const [{ no } = { no: 0 }] = await ask("select max(no) as no from numbered");
      for (const made of [Number(id), Number(no)]) {
        const close = after.filter((position) => position < made && made <= position + 5);
        expect(close.length).toBeGreaterThan(0);
      }
      expect(Number(id)).toBeGreaterThanOrEqual(2 + 17 + 1);
      const moved = after.map((position, i) => position - (before[i] ?? 0));
      expect(moved.filter((by) => by === 0)).toHaveLength(dialect === "postgres" ? 1 : 0);
      expect(unmoved).toHaveLength(dialect === "postgres" ? 1 : 0);
    });
  });
});
