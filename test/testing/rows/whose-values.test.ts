import { describe, expect, test } from "vitest";

import { explore } from "../../../src/testing/explore-race.ts";
import type { RaceDatabase } from "../../../src/testing/race-target.ts";
import type { RaceResult } from "../../../src/testing/race-result.ts";
import { rowApps, type Send } from "../../support/row-apps.ts";

type Body = (send: Send) => Promise<unknown>;

const [onPostgres, onMariadb] = rowApps();

describe.each([
  ["postgres", onPostgres],
  ["mariadb", onMariadb],
] as const)("on %s", (kind, app) => {
  const setup = `drop table if exists entry, item;
    create table entry (id int primary key, n int);
    create table item (id int primary key, n int, state varchar(20));
    insert into item values (1, 5, 'new')`;

  /** Races sessions that look at an item and then do this. */
  const raced = (...bodies: readonly Body[]): Promise<RaceResult> => racedAfter("", ...bodies);

  function racedAfter(more: string, ...bodies: readonly Body[]): Promise<RaceResult> {
    return explore(app().pool as RaceDatabase, {
      setup: setup + more,
      anomalies: ["lost-update"],
      isolation: "read committed",
      serializable: false,
      diagnose: false,
      sessions: bodies.map(
        (body) => () =>
          app().transaction(async (send) => {
            await send("select id, n, state from item where id = 1");
            await body(send);
          }),
      ),
    });
  }

  const clash = kind === "postgres" ? "on conflict (id) do update set" : "on duplicate key update";
  const given = (column: string): string =>
    kind === "postgres" ? `excluded.${column}` : `values(${column})`;

  test("what a query has found is no value of the application's", async () => {
    const total =
      (id: number) =>
      async (send: Send): Promise<unknown> => {
        await send("select id from item where id = 1 for update");
        await send("insert into entry values ($1, $2)", [id, id]);
        return send(`insert into item (id, n) select 1, sum(n) from entry ${clash} n = ${given("n")}`);
      };
    expect(await raced(total(5), total(10))).toMatchObject({ valid: true, notes: [] });
  });

  test("nothing is lost on a condition on the newest value", async () => {
    const best =
      (n: number) =>
      (send: Send): Promise<unknown> =>
        send("update item set n = $1 where id = 1 and n < $2", [n, n]);
    expect(await raced(best(8), best(10))).toMatchObject({ valid: true, notes: [] });
    const to =
      (state: string) =>
      (send: Send): Promise<unknown> =>
        send(`update item set state = '${state}' where id = 1 and state in ('new', 'packed')`);
    expect(await raced(to("packed"), to("cancelled"))).toMatchObject({ valid: true, notes: [] });
  });

  test("whether what is computed is lost on another condition is not known", async () => {
    const left =
      (n: number) =>
      (send: Send): Promise<unknown> =>
        send("update item set n = $1 where id = 1 and n > 0", [n]);
    expect((await raced(left(4), left(3))).valid).toBe("unknown");
  });

  if (kind !== "postgres") return;

  test("what a function answers is not, whatever it is given", async () => {
    const functions = `; create or replace function total(x int) returns int language sql stable
        as 'select sum(n)::int from entry where id > x';
      drop sequence if exists number; create sequence number`;
    const total =
      (id: number) =>
      async (send: Send): Promise<unknown> => {
        await send("select id from item where id = 1 for update");
        await send("insert into entry values ($1, $2)", [id, id]);
        return send("update item set n = total($1) where id = 1", [1]);
      };
    const next = (send: Send): Promise<unknown> =>
      send("update item set n = nextval($1::text::regclass) where id = 1", ["number"]);
    const given = await racedAfter(functions, total(5), total(10));
    expect(given.valid).toBe("unknown");
    expect(given.notes.join()).toMatch(/^Whether session \d lost an update is not known: .* by an invariant/);
    expect(await racedAfter(functions, next, next)).toMatchObject({ valid: true, notes: [] });
  });
});
