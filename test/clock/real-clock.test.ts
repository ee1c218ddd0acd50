import { describe, expect, test } from "vitest";

import { realClock } from "../../src/clock/real-clock.ts";

describe("real clock", () => {
  test("counts up from its making, and never goes back", () => {
    const clock = realClock();
    const times = Array.from({ length: 1000 }, () => clock.nanos());
    expect(times[0]).toBeGreaterThanOrEqual(0);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every(Number.isInteger)).toBe(true);
  });

  test("sleeps about as long as it is told", async () => {
    const clock = realClock();
    await clock.sleep(20);
    // Node's timers count in whole milliseconds and may come up to one early.
    expect(clock.nanos()).toBeGreaterThanOrEqual(18e6);
  });

  test("an aborted sleep rejects with the reason, before and during the sleep", async () => {
    const clock = realClock();
    const reason = new Error("enough");
    await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = clock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  test("a sleep longer than a Node timer can be is no short sleep", async () => {
    const clock = realClock();
    const controller = new AbortController();
    let woke = false;
    const sleeping = clock.sleep(2 ** 33, controller.signal).then(() => (woke = true));
    await clock.sleep(30);
    expect(woke).toBe(false);
    controller.abort(new Error("enough"));
    await expect(sleeping).rejects.toThrow("enough");
  });

  test("every calls back until it is stopped, and keeps no process alive", async () => {
    const clock = realClock();
    const timersBefore = timersInUse();
    let calls = 0;
    const stop = clock.every(5, () => (calls += 1));
    expect(timersInUse()).toBe(timersBefore);
    while (calls < 2) await clock.sleep(5);
    stop();
    const callsAtStop = calls;
    await clock.sleep(30);
    expect(calls).toBe(callsAtStop);
  });

  test("knows the date", () => {
    expect(Math.abs(realClock().date().getTime() - Date.now())).toBeLessThan(60_000);
  });
});

/** Timers that keep the process alive. */
function timersInUse(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
