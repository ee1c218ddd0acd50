import { expect, test } from "vitest";

import { fromNow } from "../../src/clock/from-now.ts";
import { virtualClock } from "../../src/clock/virtual-clock.ts";

test("counts from the call, and sleeps as the clock it was made from", async () => {
  const clock = virtualClock();
  await clock.advance(5);
  const later = fromNow(clock);
  expect(later.nanos()).toBe(0);
  let awake = false;
  const sleeping = later.sleep(3).then(() => {
    awake = true;
  });
  await clock.advance(2);
  expect(awake).toBe(false);
  await clock.advance(1);
  await sleeping;
  expect(later.nanos()).toBe(3e6);
});
