import { race, startServer, type TestServer } from "isolab/vitest";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { countView, countViewInDatabase } from "../src/count-view.ts";
import { createTables, openDatabase } from "../src/database.ts";

describe.each(["postgres", "mariadb"] as const)("on %s", (kind) => {
  let server: TestServer;
  let db: Knex;

  beforeAll(async () => {
    server = await startServer(kind);
    db = openDatabase(server.url);
    await createTables(db);
  });

  afterAll(async () => {
    await db.destroy();
    await server.stop();
  });

  // Knex opens its connections itself, so the race is given the URL.
  const views = (how: typeof countView) =>
    race(server.url, {
      isolation: "read committed",
      setup: "delete from pages; insert into pages values (1, 0);",
      sessions: [() => how(db, 1), () => how(db, 1)],
      invariant: {
        "every view is counted": async (query, endings) => {
          const { rows } = await query("select views from pages");
          expect(rows[0]?.["views"]).toBe(endings.filter(({ type }) => type === "returned").length);
        },
      },
      schedules: 200,
      seed: 1,
    });

  test("of two views at once one is lost", async () => {
    await expect(views(countView)).rejects.toThrow('"every view is counted" is broken');
  });

  test("when the database adds, both count", async () => {
    await views(countViewInDatabase);
  });
});
