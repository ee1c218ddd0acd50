import { sql } from "drizzle-orm";
import type { IsolationName } from "isolab";
import { race, startServer, type TestServer } from "isolab/vitest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openBank, type Bank } from "../src/database.ts";
import { withdraw, withdrawLocked } from "../src/withdraw.ts";

const schema = sql`create table accounts (
  id int primary key, customer varchar(40) not null, balance int not null)`;

const setup = "delete from accounts; insert into accounts values (1, 'ada', 60), (2, 'ada', 60);";

describe.each(["postgres", "mariadb"] as const)("on %s", (kind) => {
  let server: TestServer;
  let bank: Bank;

  beforeAll(async () => {
    server = await startServer(kind);
    bank = openBank(server.url);
    await bank.db.execute(schema);
  });

  afterAll(async () => {
    await bank.pool.end();
    await server.stop();
  });

  const withdrawals = (how: typeof withdraw, isolation: IsolationName) =>
    race(bank.pool, {
      isolation,
      setup,
      sessions: [1, 2].map((account) => () => how(bank, { customer: "ada", account, amount: 100 })),
      invariant: {
        "not overdrawn": async (query) => {
          const { rows } = await query("select sum(balance) as total from accounts where customer = 'ada'");
          expect(Number(rows[0]?.["total"])).toBeGreaterThanOrEqual(0);
        },
      },
      schedules: 200,
      seed: 1,
    });

  // Each transaction writes a row that the other one has only read: write skew, which a snapshot allows.
  test.each(["read committed", "repeatable read"] as const)(
    "two withdrawals from two accounts overdraw them at %s",
    async (isolation) => {
      await expect(withdrawals(withdraw, isolation)).rejects.toThrow('"not overdrawn" is broken');
    },
  );

  test("with the accounts locked, one is refused", async () => {
    await withdrawals(withdrawLocked, "read committed");
  });
});
