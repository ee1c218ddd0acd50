import { race, startServer, type TestServer } from "isolab/vitest";
import type { DataSource } from "typeorm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openDatabase } from "../src/database.ts";
import { takeJob, takeUnlockedJob } from "../src/take-job.ts";

describe.each(["postgres", "mariadb"] as const)("on %s", (kind) => {
  let server: TestServer;
  let source: DataSource;

  beforeAll(async () => {
    server = await startServer(kind);
    source = await openDatabase(server.url);
  });

  afterAll(async () => {
    await source.destroy();
    await server.stop();
  });

  // TypeORM opens its connections itself, so the race is given the URL.
  const workers = (how: typeof takeJob) =>
    race(server.url, {
      isolation: "read committed",
      setup: "delete from jobs; insert into jobs (id) values (1), (2);",
      sessions: [() => how(source, "ada"), () => how(source, "bob")],
      invariant: {
        "a job is given to one worker": (_, endings) => {
          const given = endings.flatMap((ending) =>
            ending.type === "returned" && ending.value !== undefined ? [ending.value] : [],
          );
          expect(new Set(given).size).toBe(given.length);
        },
      },
      schedules: 200,
      seed: 1,
    });

  test("two workers are given the same job", async () => {
    await expect(workers(takeJob)).rejects.toThrow('"a job is given to one worker" is broken');
  });

  test("with the job locked, each gets one of its own", async () => {
    await workers(takeUnlockedJob);
  });
});
