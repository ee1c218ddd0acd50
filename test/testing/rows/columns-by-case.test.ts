import { expect, test } from "vitest";

import { explore } from "../../../src/testing/explore-race.ts";
import { rowApp } from "../../support/row-apps.ts";

const onPostgres = rowApp("postgres");

test.each<[string, boolean]>([
  ['"N"', true],
  ["N", false],
])("that n was changed is lost by a write of %s: %s", async (other, valid) => {
  const result = await explore(onPostgres().pool, {
    setup: `drop table if exists letters; create table letters (id int primary key, n int, "N" int);
      insert into letters values (1, 0, 0)`,
    anomalies: ["lost-update"],
    serializable: false,
    diagnose: false,
    sessions: ["n", other].map(
      (column) => () =>
        onPostgres().transaction(async (send) => {
          await send('select id, n, "N" from letters where id = 1');
          await send(`update letters set ${column} = $1 where id = 1`, [7]);
        }),
    ),
  });
  expect(result).toMatchObject({ valid });
});

test('a row that is asked for by id is none of the key "Id"', async () => {
  const result = await explore(onPostgres().pool, {
    setup: `drop table if exists letters; create table letters ("Id" int primary key, id int, n int);
      insert into letters values (1, 2, 0), (2, 1, 0)`,
    anomalies: ["lost-update"],
    serializable: false,
    diagnose: false,
    sessions: [7, 8].map(
      (n) => () =>
        onPostgres().transaction(async (send) => {
          await send("select n from letters where id = 1");
          await send('update letters set n = $1 where "Id" = 1', [n]);
        }),
    ),
  });
  expect(result.valid).not.toBe(false);
});
