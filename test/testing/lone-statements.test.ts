import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { Query } from "../../src/testing/race-stage.ts";
import { describeEveryApp, describeUsualApps } from "../support/app-test.ts";

const setup = `
  create table if not exists version (n int not null);
  create table if not exists doctor (id int primary key, on_call int not null);
  delete from version;
  delete from doctor;
  insert into doctor values (1, 1), (2, 1)`;

const next = "insert into version select coalesce(max(n), 0) + 1 from version";

const noVersionTwice = async (query: Query): Promise<boolean> =>
  (await query("select n from version group by n having count(*) > 1")).rows.length === 0;

describeEveryApp("a statement that commits itself, by $name on $kind", (test) => {
  test("overlaps with another one", async (app) => {
    const register = async (): Promise<void> => {
      await app.query(next);
    };
    const { finding } = await explore(app.database, {
      setup,
      sessions: [register, register],
      isolation: "read committed",
      invariant: noVersionTwice,
      serializable: false,
      diagnose: false,
    });
    expect(finding?.interleaving).toContain("COMMIT (by itself)");
    expect(finding?.statements).toBe(2);
  });

  test("answers what it answers without a race, and is undone when it fails", async (app) => {
    const raced: unknown[] = [];
    const insert = (id: number) => async (): Promise<void> => {
      const copy = `insert into doctor select ${id}, on_call from doctor where id = 1`;
      const { affected } = await app.query(copy);
      raced.push(affected);
      await expect(app.query(copy)).rejects.toThrow(/[Dd]uplicate/);
      expect((await app.query("select id from doctor where id = $1", [id])).rows).toHaveLength(1);
    };
    const result = await explore(app.database, { setup, sessions: [insert(3), insert(4)], schedules: 40 });
    expect(result).toMatchObject({ valid: true });
    expect(new Set(raced)).toEqual(new Set([1]));
    const plain = await app.query("insert into doctor select 5, on_call from doctor where id = 1");
    expect(plain.affected).toBe(1);
  });
});

describeUsualApps("a statement that commits itself, by $name on $kind", (test, { kind }) => {
  test("does not see what another one is about to write", async (app) => {
    const leave = (id: number) => async (): Promise<void> => {
      const others =
        kind === "mariadb"
          ? "(select * from (select count(*) from doctor where on_call = 1) as d)"
          : "(select count(*) from doctor where on_call = 1)";
      await app.query(`update doctor set on_call = 0 where id = ${id} and ${others} > 1`);
    };
    const { valid } = await explore(app.database, {
      setup,
      sessions: [leave(1), leave(2)],
      isolation: "read committed",
      invariant: async (query: Query) =>
        (await query("select id from doctor where on_call = 1")).rows.length > 0,
      serializable: false,
      diagnose: false,
    });
    expect(valid).toBe(false);
  });

  test("of several parts leaves open whether these are all schedules", async (app) => {
    const block =
      kind === "mariadb"
        ? "begin not atomic declare v int; select max(n) into v from version; insert into version values (coalesce(v, 0) + 1); end"
        : "do $$ begin insert into version select coalesce(max(n), 0) + 1 from version; end $$";
    const register = async (): Promise<void> => {
      await app.query(block);
    };
    const result = await explore(app.database, {
      setup,
      sessions: [register, register],
      serializable: false,
      invariant: () => true,
    });
    expect(result.complete).not.toBe(true);
    expect(result.notes.join(" ")).toMatch(/several things in one go/);
  });
});

describeUsualApps("a statement by key beside one that asks first, by $name on $kind", (test, { kind }) => {
  test("is told not to be tried in its midst, where that makes a difference", async (app) => {
    const one = async (): Promise<void> => {
      await app.query("update doctor set on_call = on_call + 1 where id = 1");
    };
    const sum =
      kind === "mariadb"
        ? "(select * from (select sum(on_call) from doctor) as s)"
        : "(select sum(on_call) from doctor)";
    const all = async (): Promise<void> => {
      await app.query(`update doctor set on_call = ${sum} where id = 1`);
    };
    const beside = await explore(app.database, { setup, sessions: [one, all], diagnose: false });
    expect(beside.valid).toBe(true);
    if (kind === "postgres") expect(beside.notes.join(" ")).toMatch(/of one is one step, beside .* of all/);
    expect(beside.complete).toBe(kind !== "postgres");
    const elsewhere = async (): Promise<void> => {
      await app.query("insert into version values (1)");
    };
    const apart = await explore(app.database, { setup, sessions: [elsewhere, all], diagnose: false });
    expect(apart).toMatchObject({ valid: true, complete: true, notes: [] });
  });
});
