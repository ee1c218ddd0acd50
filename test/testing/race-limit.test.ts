import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

import { RaceLimit } from "../../src/testing/race-limit.ts";
import { clock } from "../support/databases.ts";

test("a race without a limit goes on", () => {
  const { stop, timedOut } = new RaceLimit({});
  expect({ aborted: stop.aborted, timedOut }).toStrictEqual({ aborted: false, timedOut: false });
});

test("a race that is over its time is stopped, and says so", async () => {
  const limit = new RaceLimit({ timeLimitMs: 0.5, signal: new AbortController().signal });
  expect(limit.timedOut).toBe(false);
  await once(limit.stop, "abort");
  expect(limit.timedOut).toBe(true);
});

test("a race that the user breaks off is stopped, and is not over its time", () => {
  const user = new AbortController();
  const limit = new RaceLimit({ timeLimitMs: 60_000, signal: user.signal });
  user.abort();
  expect(limit.stop.aborted).toBe(true);
  expect(limit.timedOut).toBe(false);
});

test("a time limit comes, whatever is collected meanwhile", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const limit = new RaceLimit({ timeLimitMs: 150 });
  for (let i = 0; i < 3; i++) {
    await clock.sleep(20);
    collect();
  }
  expect(limit.stop.aborted).toBe(false);
  await clock.sleep(250);
  expect(limit.stop.aborted).toBe(true);
});
