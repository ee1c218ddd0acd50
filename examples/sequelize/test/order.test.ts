import { race, startServer, type TestServer } from "isolab/vitest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openShop, type Shop } from "../src/database.ts";
import { order, orderLocked } from "../src/order.ts";

describe.each(["postgres", "mariadb"] as const)("on %s", (kind) => {
  let server: TestServer;
  let shop: Shop;

  beforeAll(async () => {
    server = await startServer(kind);
    shop = openShop(server.url);
    await shop.sequelize.sync();
  });

  afterAll(async () => {
    await shop.sequelize.close();
    await server.stop();
  });

  // Sequelize opens its connections itself, so the race is given the URL.
  const orders = (how: typeof order) =>
    race(server.url, {
      isolation: "read committed",
      setup: "delete from products; insert into products (id, stock) values (1, 5);",
      sessions: [() => how(shop, 1, 3), () => how(shop, 1, 4)],
      invariant: {
        "not oversold": async (query) => {
          const { rows } = await query("select stock from products");
          expect(rows[0]?.["stock"]).toBeGreaterThanOrEqual(0);
        },
      },
      schedules: 200,
      seed: 1,
    });

  test("two orders at once sell more than there is", async () => {
    await expect(orders(order)).rejects.toThrow('"not oversold" is broken');
  });

  test("with the product locked, one is refused", async () => {
    await orders(orderLocked);
  });
});
