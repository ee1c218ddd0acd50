import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

import { stopSignal } from "../../src/testing/stop-signal.ts";
import { clock } from "../support/databases.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("a time limit comes, whatever is collected meanwhile", async () => {
  const signal = stopSignal(150, undefined);
  for (let i = 0; i < 3; i++) {
    await clock.sleep(20);
    collect();
  }
  expect(signal.aborted).toBe(false);
  await clock.sleep(250);
  expect(signal.aborted).toBe(true);
});

test("a signal that is given stops it, before and after", () => {
  const given = new AbortController();
  const signal = stopSignal(60_000, given.signal);
  expect(signal.aborted).toBe(false);
  given.abort();
  expect(signal.aborted).toBe(true);
  expect(stopSignal(undefined, given.signal).aborted).toBe(true);
});
