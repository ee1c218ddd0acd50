import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { describeUsualApps } from "../support/app-test.ts";

describeUsualApps("a snapshot that another session's statements come before, by $name on $kind", (test) => {
  test("is told apart, though they commit themselves and touch other tables", async (app) => {
    const report = async (): Promise<readonly unknown[]> =>
      await app.transaction(async (query) => {
        await query("select n from a");
        const { rows: b } = await query("select n from b");
        const { rows: d } = await query("select n from d");
        return [b, d];
      });
    const move = async (): Promise<void> => {
      await app.query("update b set n = 1 where id = 1");
      await app.query("update d set n = 1 where id = 1");
    };
    const result = await explore(app.database, {
      setup: `drop table if exists a; drop table if exists b; drop table if exists d;
        create table a (id int primary key, n int); create table b (id int primary key, n int);
        create table d (id int primary key, n int);
        insert into a values (1, 0); insert into b values (1, 0); insert into d values (1, 0)`,
      sessions: [report, move],
      isolation: "repeatable read",
      strategy: "exhaustive",
      shrink: false,
      diagnose: false,
    });
    expect(result.valid).toBe(false);
  });
});
