import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { explore } from "../../../src/testing/explore-race.ts";
import type { RaceDatabase } from "../../../src/testing/race-target.ts";
import { rowApps, type Send } from "../../support/row-apps.ts";

const items = `
  create table if not exists item (id int primary key, stock int not null);
  create table if not exists note (text varchar(20));
  delete from item;
  delete from note;
  insert into item values (1, 10), (2, 20)`;

async function stockOf(send: Send, suffix = ""): Promise<number> {
  const [row] = await send(`select stock from item where id = $1${suffix}`, [1]);
  return Number(row?.stock);
}

const [onPostgres, onMariadb] = rowApps();

describe.each([
  ["postgres", onPostgres],
  ["mariadb", onMariadb],
] as const)("a race on %s", (_, app) => {
  const database = (): RaceDatabase => app().pool;
  const take = (suffix = "") =>
    async function take(): Promise<void> {
      await app().transaction(async (send) => {
        const stock = await stockOf(send, suffix);
        await send("update item set stock = $1 where id = $2", [stock - 1, 1]);
      });
    };

  test("that breaks an invariant is called by the field's name, with its history", async () => {
    const { finding, report } = await explore(database(), {
      setup: items,
      isolation: "read committed",
      sessions: [take(), take()],
      invariant: async (query) => (await query("select stock from item where id = 1")).rows[0]?.stock === 8,
      diagnose: false,
    });
    expect(finding).toMatchObject({ kind: "invariant", anomalies: ["G-single-item", "lost-update"] });
    expect(finding?.history && check(finding.history, { model: "snapshot-isolation" }).valid).toBe(false);
    expect(report).toContain("The rows prove lost-update: ");
    expect(report).toContain("The rows prove as well: G-single-item.");
  });

  test("is looked through for anomalies that must not be, by any of their names", async () => {
    const race = {
      setup: items,
      isolation: "read committed",
      serializable: false,
      diagnose: false,
      anomalies: ["dirty-read", "P4"],
    } as const;
    const { finding, report, valid } = await explore(database(), { ...race, sessions: [take(), take()] });
    expect(valid).toBe(false);
    expect(finding).toMatchObject({ kind: "anomaly", name: "lost-update", statements: 4, switches: 2 });
    expect(finding?.message).toMatch(/^lost-update: .*read item\/1 as version 0/);
    expect(report.split("lost-update: ")).toHaveLength(2);
    const again = await explore(database(), {
      ...race,
      sessions: [take(), take()],
      replay: finding?.replay ?? "",
    });
    expect(again.finding).toMatchObject({ kind: "anomaly", name: "lost-update" });
    const clean = await explore(database(), {
      ...race,
      sessions: [take(" for update"), take(" for update")],
    });
    expect(clean).toMatchObject({ valid: true, complete: true, notes: [] });
  });

  test("in which a table cannot be watched is not known to have none", async () => {
    const note = (): Promise<unknown> => app().alone("insert into note values ('x')");
    const { valid, notes } = await explore(database(), {
      setup: items,
      anomalies: ["lost-update"],
      sessions: [note, note],
    });
    expect({ valid, notes }).toEqual({
      valid: "unknown",
      notes: ["Rows of note are left out: it has no primary key."],
    });
  });

  test("of which there is no anomaly of that name is refused", async () => {
    const race = explore(database(), { anomalies: ["lost-updates"], sessions: [take(), take()] });
    await expect(race).rejects.toThrow('There is no anomaly "lost-updates"; do you mean lost-update');
  });
});
