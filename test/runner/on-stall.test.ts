import { expect, test } from "vitest";

import { virtualClock } from "../../src/clock/virtual-clock.ts";
import { onStall } from "../../src/runner/on-stall.ts";

test("two minutes without a completion fail the run, once", async () => {
  const clock = virtualClock();
  const failures: string[] = [];
  let completions = 0;
  onStall(clock, { completions: () => completions, inFlight: () => true }, (error) =>
    failures.push(error.message),
  );
  await clock.advance(100_000);
  completions++;
  await clock.advance(100_000);
  expect(failures).toEqual([]);
  await clock.advance(300_000);
  expect(failures).toEqual([expect.stringContaining("no operation ended for 120 s")]);
});

test("nothing is said once the watch has ended", async () => {
  const clock = virtualClock();
  const unwatch = onStall(clock, { completions: () => 0, inFlight: () => true }, () => {
    throw new Error("must not be called");
  });
  unwatch();
  await clock.advance(500_000);
});

test("waiting for a planned start is no stall", async () => {
  const clock = virtualClock();
  let inFlight = false;
  const failures: unknown[] = [];
  onStall(clock, { completions: () => 0, inFlight: () => inFlight }, (error) => failures.push(error));
  await clock.advance(500_000);
  expect(failures).toEqual([]);
  inFlight = true;
  await clock.advance(200_000);
  expect(failures).toHaveLength(1);
});
