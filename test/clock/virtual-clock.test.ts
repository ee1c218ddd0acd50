import { getEventListeners } from "node:events";

import { describe, expect, test } from "vitest";

import { virtualClock } from "../../src/clock/virtual-clock.ts";

describe("virtual clock", () => {
  test("stands still until it is advanced", async () => {
    const clock = virtualClock();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(clock.nanos()).toBe(0);
    await clock.advance(1.5);
    expect(clock.nanos()).toBe(1_500_000);
  });

  test("wakes sleepers when they are due, at the time they are due", async () => {
    const clock = virtualClock();
    const woke: string[] = [];
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woke.push(`${name}@${clock.nanos() / 1e6}`);
    };
    const all = Promise.all([sleeper("late", 30), sleeper("early", 10), sleeper("middle", 20)]);
    await clock.advance(20);
    expect(woke).toEqual(["early@10", "middle@20"]);
    await clock.advance(10);
    await all;
    expect(woke).toEqual(["early@10", "middle@20", "late@30"]);
  });

  test("wakes equal times in the order in which they were asked for", async () => {
    const clock = virtualClock();
    const woke: number[] = [];
    for (const name of [3, 1, 2]) void clock.sleep(5).then(() => woke.push(name));
    clock.every(5, () => woke.push(0));
    await clock.advance(5);
    expect(woke).toEqual([3, 1, 2, 0]);
  });

  test("finishes what a sleeper does, many promises deep, before the next one wakes", async () => {
    const clock = virtualClock();
    const log: string[] = [];
    const first = async (): Promise<void> => {
      await clock.sleep(1);
      for (let step = 0; step < 50; step += 1) await Promise.resolve();
      log.push("first is through");
    };
    const second = async (): Promise<void> => {
      await clock.sleep(1);
      log.push("second wakes");
    };
    void first();
    void second();
    await clock.advance(1);
    expect(log).toEqual(["first is through", "second wakes"]);
  });

  test("counts a sleep inside a sleep from the moment of waking", async () => {
    const clock = virtualClock();
    const times: number[] = [];
    const loop = async (): Promise<void> => {
      for (;;) {
        await clock.sleep(3);
        times.push(clock.nanos() / 1e6);
      }
    };
    void loop();
    await clock.advance(10);
    expect(times).toEqual([3, 6, 9]);
    expect(clock.nanos()).toBe(10_000_000);
  });

  test("a sleep of no time or less needs an advance, but of no time", async () => {
    const clock = virtualClock();
    let woke = 0;
    void clock.sleep(0).then(() => (woke += 1));
    void clock.sleep(-5).then(() => (woke += 1));
    await Promise.resolve();
    expect(woke).toBe(0);
    await clock.advance(0);
    expect(woke).toBe(2);
  });

  test("an aborted sleep rejects with the reason at once, and never wakes", async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const reason = new Error("enough");
    const sleeping = clock.sleep(10, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(clock.sleep(10, controller.signal)).rejects.toBe(reason);
    await clock.advance(20);
  });

  test("a sleep that is over is deaf to its signal", async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const sleeping = clock.sleep(10, controller.signal);
    await clock.advance(10);
    controller.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });

  test("many sleeps on one signal leave nothing attached to it", async () => {
    const clock = virtualClock();
    const { signal } = new AbortController();
    const sleeping = Promise.all([1, 2, 3].map((ms) => clock.sleep(ms, signal)));
    expect(getEventListeners(signal, "abort")).toHaveLength(3);
    await clock.advance(3);
    await sleeping;
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  test("every calls back in each period until it is stopped, also from within", async () => {
    const clock = virtualClock();
    const times: number[] = [];
    const stop = clock.every(10, () => {
      times.push(clock.nanos() / 1e6);
      if (times.length === 3) stop();
    });
    await clock.advance(25);
    expect(times).toEqual([10, 20]);
    await clock.advance(100);
    expect(times).toEqual([10, 20, 30]);
  });

  test("the date follows the time", async () => {
    const clock = virtualClock(new Date("2026-01-01T00:00:00Z"));
    await clock.advance(90_000);
    expect(clock.date().toISOString()).toBe("2026-01-01T00:01:30.000Z");
  });

  test("refuses to go back, to the end of time, or two ways at once", async () => {
    const clock = virtualClock();
    await expect(clock.advance(-1)).rejects.toThrow(RangeError);
    await expect(clock.advance(Infinity)).rejects.toThrow(RangeError);
    const advancing = clock.advance(5);
    await expect(clock.advance(5)).rejects.toThrow("one caller at a time");
    await advancing;
    expect(clock.nanos()).toBe(5_000_000);
  });

  test("hands on what a callback throws, and can be advanced again", async () => {
    const clock = virtualClock();
    const stop = clock.every(1, () => {
      throw new Error("broken callback");
    });
    await expect(clock.advance(1)).rejects.toThrow("broken callback");
    stop();
    await clock.advance(1);
    expect(clock.nanos()).toBe(2_000_000);
  });
});
