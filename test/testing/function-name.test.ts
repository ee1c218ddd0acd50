import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { Access } from "../support/access.ts";
import { describeUsualApps } from "../support/app-test.ts";
import { accounts, addNaively } from "../support/race-apps.ts";

interface Deposit {
  readonly amount: number;
  readonly reference: string;
  readonly customer: string;
}

function deposit(app: Access, { amount }: Deposit): Promise<number> {
  return addNaively(app, amount);
}

describeUsualApps("$name on $kind", (test) => {
  test("a call with long arguments is named by how it begins, and two of them are told apart", async (app) => {
    const { finding, report } = await explore(app.database, {
      setup: accounts,
      isolation: "read committed",
      diagnose: false,
      sessions: [
        () => deposit(app, { amount: 1, reference: "first of the month", customer: "ann" }),
        () => deposit(app, { amount: 2, reference: "first of the month", customer: "bob" }),
        () => deposit(app, { amount: 1, reference: "first of the month", customer: "cid" }),
      ],
    });
    const names = finding?.sessions ?? [];
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      expect(name).toMatch(/^deposit\(app, \{ amount: [12], .*…( \(\d\))?$/);
      expect(name.length).toBeLessThan(60);
      expect(report).toContain(`${name} returned`);
    }
    expect(new Set(names).size).toBe(names.length);
  });

  test("so is a function with a long name", async (app) => {
    const name = "a deposit that ann has made on the first of the month at the counter";
    const both = ["once", "twice"].map((end) =>
      Object.defineProperty(() => addNaively(app, 1), "name", { value: `${name} ${end}` }),
    );
    const { finding } = await explore(app.database, {
      setup: accounts,
      isolation: "read committed",
      diagnose: false,
      sessions: both,
    });
    expect([...(finding?.sessions ?? [])].sort()).toEqual([
      "a deposit that ann has made on the first of the… (0)",
      "a deposit that ann has made on the first of the… (1)",
    ]);
  });
});
