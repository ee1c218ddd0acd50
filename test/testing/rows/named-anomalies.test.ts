import { describe, expect, test } from "vitest";

import { encodeJsonLines } from "../../../src/history/jsonl.ts";
import { rowAnomalies } from "../../../src/testing/rows/row-anomalies.ts";
import { everySchedule, rowApps, shownBy, type RowApp } from "../../support/row-races.ts";

const items = `
  create table if not exists item (id int primary key, stock int not null);
  delete from item;
  insert into item values (1, 10), (2, 10)`;

const take =
  (app: RowApp, suffix = "") =>
  () =>
    app.transaction(async (send) => {
      const [row] = await send(`select stock from item where id = $1${suffix}`, [1]);
      await send("update item set stock = $1 where id = $2", [Number(row?.stock) - 1, 1]);
    });

describe.each(rowApps())("on server %#", (open) => {
  test("a lost update is called one", async () => {
    const app = open();
    const seen = await everySchedule(app, {
      setup: items,
      level: "read-committed",
      sessions: [take(app), take(app)],
    });
    console.log(
      seen.length,
      seen.map((s) => [s.moves.join(""), s.anomalies, s.leftOut, s.endings]),
    );
    const bad = seen.find((s) => s.anomalies.length > 0) ?? seen[2];
    console.log(bad?.history && Array.from(encodeJsonLines(bad.history)));
    if (bad?.history) {
      console.log(rowAnomalies(bad.history).witnesses.join("\n"));
    }
    expect(shownBy(seen)).toContain("lost-update");
  });
});
