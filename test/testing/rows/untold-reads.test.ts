import { describe, expect, test } from "vitest";

import { explore } from "../../../src/testing/explore-race.ts";
import type { RaceResult } from "../../../src/testing/race-result.ts";
import { rowApps } from "../../support/row-apps.ts";
import { items } from "./item-rows.ts";

const [onPostgres, onMariadb] = rowApps();

describe.each([
  ["postgres", onPostgres],
  ["mariadb", onMariadb],
] as const)("a read that no row tells of, on %s", (kind, app) => {
  /** Two transactions that read a number and set a row to one less. */
  const losing = (sql: string, anomalies: readonly string[] = ["lost-update"]): Promise<RaceResult> => {
    const take = (): Promise<void> =>
      app().transaction(async (send) => {
        const [row] = await send(sql);
        await send("update item set stock = $1 where id = 1", [Number(row?.n) - 1]);
      });
    return explore(app().pool, {
      setup: `drop table if exists note; create table note (id int primary key); insert into note values (1); ${items}`,
      isolation: "read committed",
      serializable: false,
      anomalies,
      sessions: [take, take],
      diagnose: false,
    });
  };

  test.each([
    "select max(stock) as n from item",
    "select stock + 0 as n from item where id = 1",
    "select (select stock from item where id = 1) as n",
    "with one as (select stock as n from item where id = 1) select n + 0 as n from one",
    "select count(*) as n from note where 1 in (select id from item)",
    ...(kind === "postgres" ? ["select row_to_json(item) ->> 'stock' as n from item where id = 1"] : []),
  ])("leaves unknown whether an update was lost: %s", async (sql) => {
    const { valid, notes } = await losing(sql);
    expect(valid).toBe("unknown");
    expect(notes.join()).toContain(`Which rows of item \`${sql}\` has read is not known`);
  });

  test.each([
    "select stock + 0 as n from item where id = 1 for update",
    "select count(*) as n from note",
    "select 1 + 1 as n",
  ])("does not where it cannot be: %s", async (sql) => {
    expect(await losing(sql)).toMatchObject({ valid: true, complete: true, notes: [] });
  });

  test("leaves unknown whether another anomaly was shown, of a table that another session writes", async () => {
    const look = (): Promise<unknown> =>
      app().transaction((send) => send("select sum(stock) as n from item"));
    const add = (table: string) => (): Promise<unknown> =>
      app().alone(`insert into ${table} values ${table === "item" ? "(3, 1)" : "(2)"}`);
    const race = { setup: items, serializable: false, anomalies: ["write-skew"], diagnose: false };
    expect(await explore(app().pool, { ...race, sessions: [look, add("item")] })).toMatchObject({
      valid: "unknown",
    });
    expect(await explore(app().pool, { ...race, sessions: [look, look] })).toMatchObject({
      valid: true,
      notes: [],
    });
  });

  test("does not matter where the row is read again, or adds to itself", async () => {
    const take = (): Promise<void> =>
      app().transaction(async (send) => {
        await send("select count(*) as n from item");
        await send("update item set stock = stock - 1 where id = 2");
        const [row] = await send("select id, stock from item where id = 1 for update");
        await send("update item set stock = $1 where id = 1", [Number(row?.stock) - 1]);
      });
    const result = await explore(app().pool, {
      setup: items,
      isolation: "read committed",
      serializable: false,
      anomalies: ["lost-update"],
      sessions: [take, take],
      diagnose: false,
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
  });
});
