import { explore, startServer, type TestServer } from "isolab/vitest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { buyFreeSeat, buySeat } from "../src/buy-seat.ts";
import { createTables, openDatabase, type Database } from "../src/database.ts";

describe.each(["postgres", "mariadb"] as const)("on %s", (kind) => {
  let server: TestServer;
  let database: Database;

  beforeAll(async () => {
    server = await startServer(kind);
    database = openDatabase(server.url);
    await createTables(database.db);
  });

  afterAll(async () => {
    await database.db.destroy();
    await server.stop();
  });

  // No invariant: the outcome must be one of a serial order, in which one of the two buys the seat.
  const sales = (how: typeof buySeat) =>
    explore(database.pool, {
      isolation: "read committed",
      setup: "delete from seats; insert into seats (id) values (12);",
      sessions: [() => how(database.db, 12, "ada"), () => how(database.db, 12, "bob")],
      schedules: 200,
      seed: 1,
    });

  test("two buyers are told that the seat is theirs", async () => {
    expect(await sales(buySeat)).toMatchObject({
      valid: false,
      finding: { kind: "not-serializable", diagnosis: { cause: "scope" } },
    });
  });

  test("with the condition in the UPDATE, one is", async () => {
    expect(await sales(buyFreeSeat)).toMatchObject({ valid: true });
  });
});
