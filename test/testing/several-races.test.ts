import { afterEach, describe, expect, test, vi } from "vitest";

import type { RaceError } from "../../src/testing/race.ts";
import { race } from "../../src/testing/vitest/race.ts";
import type { Access } from "../support/access.ts";
import { clock } from "../support/databases.ts";
import { accounts, addNaively, usualCases, withAccess, type RaceCase } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Two races: nothing is wrong in the first, and the second fails. */
async function twoRaces(way: RaceCase): Promise<{ readonly first: number; readonly second: RaceError }> {
  return withAccess(way, async (app) => {
    const { schedules } = await race(app.database, {
      setup: accounts,
      sessions: [() => app.query("select value from account"), () => put(app)],
    });
    const second: unknown = await race(app.database, {
      setup: accounts,
      sessions: [() => addNaively(app, 1), () => addNaively(app, 2)],
      isolation: "read committed",
      diagnose: false,
    }).catch((error: unknown) => error);
    return { first: schedules, second: second as RaceError };
  });
}

async function put(app: Access): Promise<void> {
  await app.query("update account set value = 7 where id = 2");
}

describe.each(usualCases(raceServers("postgres")))("$name on $kind", (way) => {
  let line = "";

  test("the second race of a test says that it is the second", async () => {
    const { second } = await twoRaces(way);
    line = /ISOLAB_REPLAY=(\S+)/.exec(second.message)?.[1] ?? "";
    expect(line).toBe(`2:${second.result.finding?.replay}`);
  });

  test("it alone takes what was printed", async () => {
    vi.stubEnv("ISOLAB_REPLAY", line);
    const { first, second } = await twoRaces(way);
    expect(first).toBeGreaterThan(1);
    expect(second.result).toMatchObject({ valid: false, schedules: 1 });
  });

  test("what has no number is for the first", async () => {
    vi.stubEnv("ISOLAB_REPLAY", "01-01");
    const { first, second } = await twoRaces(way);
    expect(first).toBe(1);
    expect(second.result.schedules).toBeGreaterThan(1);
  });

  test("a test that is tried again begins to count anew", { retry: 1 }, async ({ task }) => {
    const { second } = await twoRaces(way);
    expect(second.message).toContain("ISOLAB_REPLAY=2:");
    expect(task.result?.retryCount).toBe(1);
  });

  test("a race has what the ones before it in the test have left", { timeout: 4000 }, async () => {
    await withAccess(way, async (app) => {
      vi.spyOn(console, "warn").mockReturnValue(undefined);
      const slow = async (): Promise<void> => {
        await clock.sleep(100);
        await put(app);
        await put(app);
      };
      for (let i = 0; i < 2; i++)
        await race(app.database, { setup: accounts, sessions: [slow, slow] }).catch(() => undefined);
    });
  });

  test.concurrent("of tests that run at the same time the name is to be put in", async () => {
    const { second } = await twoRaces(way);
    expect(second.message).toMatch(
      /ISOLAB_REPLAY=\S+ npx vitest run test\/testing\/several-races\.test\.ts -t NAME\n {2}\(NAME is this test's/,
    );
  });
});
