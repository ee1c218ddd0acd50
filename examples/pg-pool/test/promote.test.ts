import { race, startServer, type TestServer } from "isolab/vitest";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

import { promote, promoteLocked } from "../src/promote.ts";

const schema = `
  create table models (id int primary key);
  create table versions (model int, number int, stage text not null, primary key (model, number));`;

const setup = `
  truncate models, versions;
  insert into models values (1);
  insert into versions values (1, 1, 'production'), (1, 2, 'staging'), (1, 3, 'staging');`;

let server: TestServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startServer("postgres");
  pool = new pg.Pool({ connectionString: server.url });
  await pool.query(schema);
});

afterAll(async () => {
  await pool.end();
  await server.stop();
});

const promotions = (how: typeof promote) =>
  race(pool, {
    isolation: "read committed",
    setup,
    sessions: [() => how(pool, 1, 2), () => how(pool, 1, 3)],
    invariant: {
      "one version in production": async (query) => {
        const { rows } = await query("select number from versions where model = 1 and stage = 'production'");
        expect(rows).toHaveLength(1);
      },
    },
    schedules: 200,
    seed: 1,
  });

test("two promotions at once leave two versions in production", async () => {
  await expect(promotions(promote)).rejects.toThrow('"one version in production" is broken');
});

test("with the model's row locked, one is left", async () => {
  await promotions(promoteLocked);
});
