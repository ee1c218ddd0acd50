import { afterEach, describe, expect, test, vi } from "vitest";

import { fakedTimer } from "../../src/clock/faked-timer.ts";
import { explore } from "../../src/testing/explore-race.ts";
import { startServer } from "../../src/testing/start-server.ts";
import { accounts, addNaively, usualCases, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("with fake timers, under which nothing comes back, a race and a server say so at once", async () => {
  vi.useFakeTimers();
  const race = explore("postgres://localhost/test", { sessions: [() => 1, () => 2] });
  await expect(race).rejects.toThrow("setTimeout is a fake here");
  await expect(startServer("postgres")).rejects.toThrow("use real ones while a race is held");
});

test("a fake date is none of them, nor is a spy", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  expect(fakedTimer()).toBeUndefined();
  const spy = vi.spyOn(globalThis, "setTimeout");
  expect(fakedTimer()).toBeUndefined();
  spy.mockRestore();
});

describe.each(usualCases(raceServers()))("$name on $kind", (way) => {
  test.each([0, 86_400_000])("with a clock at %i ms, what functions count is no time", async (now) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(now);
    const { valid, finding } = await withAccess(way, (app) =>
      explore(app.database, {
        setup: accounts,
        isolation: "read committed",
        sessions: [() => addNaively(app, 1), () => addNaively(app, 2)],
        diagnose: false,
      }),
    );
    expect(valid).toBe(false);
    expect(finding?.kind).toBe("not-serializable");
  });
});
