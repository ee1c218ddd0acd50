import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceDiagnosis } from "../../src/testing/race-result.ts";
import { describeUsualApps } from "../support/app-test.ts";
import {
  accounts,
  accountsHold,
  addNaively,
  addWithEntry,
  holds,
  isBalanced,
  valueOf,
} from "../support/race-apps.ts";

/** What each remedy came to, by its name. */
function remediesOf(diagnosis: RaceDiagnosis | undefined): Readonly<Record<string, boolean>> {
  return Object.fromEntries((diagnosis?.remedies ?? []).map(({ name, helps }) => [name, helps]));
}

describeUsualApps("$name on $kind", (test, way) => {
  test("a lost update is a matter of the level, and FOR UPDATE helps", async (app) => {
    const { finding } = await explore(app.database, {
      setup: accounts,
      isolation: "read committed",
      sessions: [() => addWithEntry(app, 1), () => addWithEntry(app, 2)],
      invariant: isBalanced,
    });
    expect(finding?.diagnosis?.cause).toBe("level");
    expect(remediesOf(finding?.diagnosis)).toMatchObject({
      "FOR UPDATE": true,
      "SERIALIZABLE with retry": true,
    });
    expect(finding?.diagnosis?.remedies.find(({ name }) => name === "FOR UPDATE")?.change).toMatch(
      /^select value from account where id = \S+ FOR UPDATE$/,
    );
  });

  test("what an invariant misses because SERIALIZABLE has refused a session is no matter of scope", async (app) => {
    const { finding } = await explore(app.database, {
      setup: accounts,
      isolation: "read committed",
      sessions: [() => addNaively(app, 1), () => addNaively(app, 2)],
      invariant: accountsHold(13),
    });
    expect(finding?.diagnosis?.cause).toBe("level");
    expect(remediesOf(finding?.diagnosis)).toEqual({ "FOR UPDATE": true, "SERIALIZABLE with retry": true });
  });

  test("write skew is a matter of the level", async (app) => {
    const leave = (id: number): Promise<void> =>
      app.transaction(async (send) => {
        const { rows } = await send("select count(*) as n from account where value > 0");
        if (Number(rows[0]?.n) < 2) throw new Error("the last one stays");
        await send("update account set value = 0 where id = $1", [id]);
      });
    const { finding } = await explore(app.database, {
      setup: accounts,
      isolation: "repeatable read",
      sessions: [() => leave(1), () => leave(2)],
      invariant: async (query) => (await holds(query, 1)) + (await holds(query, 2)) > 0,
    });
    expect(finding?.diagnosis?.cause).toBe("level");
    expect(remediesOf(finding?.diagnosis)).toEqual({ "SERIALIZABLE with retry": true });
  });

  test("check and act in two transactions is a matter of scope, and no level helps", async (app) => {
    const withdraw = async (amount: number): Promise<void> => {
      const value = await valueOf(app.query, 1);
      if (value < amount) throw new Error("not enough");
      await app.transaction((send) => send("update account set value = value - $1 where id = 1", [amount]));
    };
    const { finding } = await explore(app.database, {
      setup: accounts,
      sessions: [() => withdraw(6), () => withdraw(7)],
      invariant: async (query) => (await holds(query, 1)) >= 0,
    });
    expect(finding?.diagnosis?.cause).toBe("scope");
    expect(remediesOf(finding?.diagnosis)).toEqual({
      "FOR UPDATE": false,
      "SERIALIZABLE with retry": false,
    });
  });

  for (const [what, sql] of [
    ["one function by itself", "update account set value = -1 where id = 1"],
    ["one after another", "update account set value = value - 6 where id = 1"],
  ] as const)
    test(`what ${what} leads to takes no concurrency`, async (app) => {
      const run = (): Promise<unknown> => app.query(sql);
      const { finding } = await explore(app.database, {
        setup: accounts,
        sessions: [run, run],
        invariant: async (query) => (await holds(query, 1)) >= 0,
      });
      expect(finding?.diagnosis).toEqual({ cause: "sequential", complete: true, remedies: [] });
    });

  test("find or create: a unique index helps, FOR UPDATE does not, and no index stays behind", async (app) => {
    const id = way.kind === "postgres" ? "serial" : "int auto_increment";
    await app.query("drop table if exists member");
    const findOrCreate = (): Promise<void> =>
      app.transaction(async (send) => {
        const { rows } = await send("select id from member where name = $1", ["ada"]);
        if (rows.length === 0) await send("insert into member (name) values ($1)", ["ada"]);
      });
    const { finding, report } = await explore(app.database, {
      setup: `create table if not exists member (id ${id} primary key, name varchar(20) not null);
        delete from member`,
      isolation: "read committed",
      sessions: [findOrCreate, findOrCreate],
      invariant: async (query) => (await query("select id from member")).rows.length === 1,
    });
    const unique = finding?.diagnosis?.remedies.find(({ name }) => name === "unique index");
    expect(unique).toMatchObject({ helps: true, change: "CREATE UNIQUE INDEX ON member (name)" });
    expect(report.replaceAll(/\s+/g, " ")).toContain(
      "member (name) (only where no two rows may ever have the same name)",
    );
    expect(remediesOf(finding?.diagnosis)["FOR UPDATE"]).toBe(false);
    await app.query("delete from member");
    await app.query("insert into member (name) values ('ada'), ('ada')");
    expect((await app.query("select id from member")).rows).toHaveLength(2);
  });

  test("a remedy of two functions that are alike is tried and told once", async (app) => {
    const id = way.kind === "postgres" ? "serial" : "int auto_increment";
    const findOrCreate = (note: string): Promise<void> =>
      app.transaction(async (send) => {
        const { rows } = await send(`select id from visit where guest = 1 /* ${note} */`);
        if (rows.length === 0) await send(`insert into visit (guest, note) values (1, '${note}')`);
      });
    const { finding, report } = await explore(app.database, {
      setup: `drop table if exists visit;
        create table visit (id ${id} primary key, guest int not null, note varchar(20))`,
      isolation: "read committed",
      sessions: [() => findOrCreate("door"), () => findOrCreate("phone")],
      invariant: async (query) => (await query("select id from visit")).rows.length === 1,
    });
    const names = finding?.diagnosis?.remedies.map(({ name }) => name);
    expect(names?.filter((name) => name === "unique index")).toHaveLength(1);
    expect(report.match(/unique index/g)).toHaveLength(1);
  });
});
