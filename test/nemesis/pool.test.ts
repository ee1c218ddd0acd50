import { expect, test } from "vitest";

import { realClock } from "../../src/clock/real-clock.ts";
import { pool } from "../../src/nemesis/pool.ts";

const clock = realClock();

test("without a limit nobody waits", async () => {
  const unlimited = pool(clock);
  const taken = await Promise.all(Array.from({ length: 50 }, () => unlimited.acquire()));
  expect(taken.every((giveBack) => giveBack !== undefined)).toBe(true);
});

test("one who waits gets the connection that is given back", async () => {
  const small = pool(clock);
  small.limit(1, 1, 60_000);
  const first = await small.acquire();
  const second = small.acquire();
  expect(await Promise.race([second, clock.sleep(20).then(() => "waits")])).toBe("waits");
  first?.();
  expect(await second).toBeTypeOf("function");
});

test("those who hold one each and want another starve, until they give up and give back", async () => {
  const nested = pool(clock);
  nested.limit(2, 2, 50);
  const both = await Promise.all([nested.acquire(), nested.acquire()]);
  expect(both).toContain(undefined);
  // Whatever was held meanwhile is there again.
  for (const giveBack of both) giveBack?.();
  expect(await nested.acquire()).toBeTypeOf("function");
});

test("the end of the limit lets everybody go on, and gives nothing back twice", async () => {
  const limited = pool(clock);
  const end = limited.limit(1, 1, 60_000);
  const first = await limited.acquire();
  const second = limited.acquire();
  end();
  expect(await second).toBeTypeOf("function");
  const again = limited.limit(1, 1, 20);
  first?.();
  expect(await limited.acquire()).toBeTypeOf("function");
  expect(await limited.acquire()).toBeUndefined();
  again();
});
