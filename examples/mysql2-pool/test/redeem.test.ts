import { race, startServer, type TestServer } from "isolab/vitest";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";

import { redeem, redeemCounted } from "../src/redeem.ts";

const setup = `
  delete from redemptions;
  delete from coupons;
  insert into coupons values ('SAVE10', 1);`;

let server: TestServer;
let pool: mysql.Pool;

beforeAll(async () => {
  server = await startServer("mariadb");
  pool = mysql.createPool(server.url);
  await pool.query("create table coupons (code varchar(20) primary key, uses_left int not null)");
  await pool.query("create table redemptions (code varchar(20), customer int, primary key (code, customer))");
});

afterAll(async () => {
  await pool.end();
  await server.stop();
});

const redemptions = (how: typeof redeem) =>
  race(pool, {
    isolation: "repeatable read",
    setup,
    sessions: [() => how(pool, "SAVE10", 1), () => how(pool, "SAVE10", 2)],
    invariant: {
      "the coupon is good for one": async (query) => {
        const { rows } = await query("select customer from redemptions where code = 'SAVE10'");
        expect(rows).toHaveLength(1);
      },
    },
    schedules: 200,
    seed: 1,
  });

test("two customers redeem a coupon that is good for one", async () => {
  await expect(redemptions(redeem)).rejects.toThrow('"the coupon is good for one" is broken');
});

test("when the UPDATE counts, one does", async () => {
  await redemptions(redeemCounted);
});
