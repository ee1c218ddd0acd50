import { describe, expect, test } from "vitest";

import { drawPlan } from "../../src/generators/plan.ts";
import {
  listAppendTransactions,
  registerTransactions,
  type TransactionMop,
  type TransactionOperation,
  type TransactionOptions,
} from "../../src/generators/transactions.ts";
import { operationsOf } from "./bench.ts";

const builders = [
  ["listAppendTransactions", listAppendTransactions, "append"],
  ["registerTransactions", registerTransactions, "w"],
] as const;

const shapes: readonly Partial<TransactionOptions>[] = [
  {},
  { keyCount: 1, maxWritesPerKey: 1 },
  { keyCount: 3, maxWritesPerKey: 5, keyDistribution: "uniform", readFraction: 0 },
  { keyCount: 50, maxLength: 10, keyDistribution: "zipf", readFraction: 0.9 },
  { minLength: 7, maxLength: 7 },
];

function mopsOf(operations: readonly TransactionOperation[]): TransactionMop[] {
  return operations.flatMap(({ args }) => args.mops);
}

describe.each(builders)("%s", (_, build, write) => {
  test.each(shapes)("writes 1, 2, 3, … to every key, and to none above its bound: %o", (options) => {
    const bound = options.maxWritesPerKey ?? 32;
    const lastWritten = new Map<number, number>();
    for (const [kind, key, value] of mopsOf(operationsOf(build(options), 5000))) {
      if (kind === "r") {
        expect(value).toBeNull();
        continue;
      }
      expect(kind).toBe(write);
      expect(value).toBe((lastWritten.get(key) ?? 0) + 1);
      expect(value).toBeLessThanOrEqual(bound);
      lastWritten.set(key, value);
    }
    expect(lastWritten.size).toBeGreaterThan(2);
  });

  test.each(shapes)("never has more keys in use than asked, and never returns to one: %o", (options) => {
    const keyCount = options.keyCount ?? 10;
    const bound = options.maxWritesPerKey ?? 32;
    const mops = mopsOf(operationsOf(build(options), 5000));
    const firstUse = new Map<number, number>();
    const lastUse = new Map<number, number>();
    for (const [position, [, key]] of mops.entries()) {
      if (!firstUse.has(key)) firstUse.set(key, position);
      lastUse.set(key, position);
    }
    const inUse = [...firstUse].map(([key, first]) => ({ first, last: lastUse.get(key) ?? NaN }));
    const most = Math.max(
      ...inUse.map(
        ({ first }) => inUse.filter((other) => other.first <= first && first <= other.last).length,
      ),
    );
    expect(most).toBeLessThanOrEqual(keyCount);
    const writes = mops.filter(([kind]) => kind !== "r").length;
    expect(firstUse.size).toBeGreaterThanOrEqual(Math.floor(writes / bound));
  });

  test("draws every length between the bounds about equally often", () => {
    const counts = new Map<number, number>();
    for (const { args } of operationsOf(build({ minLength: 2, maxLength: 5 }), 4000))
      counts.set(args.mops.length, (counts.get(args.mops.length) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([2, 3, 4, 5]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test("keeps to its share of reads", () => {
    const mops = mopsOf(operationsOf(build({ readFraction: 0.8 }), 4000));
    const reads = mops.filter(([kind]) => kind === "r").length;
    expect(Math.abs(reads / mops.length - 0.8)).toBeLessThan(0.02);
  });

  test.each([
    ["uniform", [1, 1, 1, 1]],
    ["exponential", [8, 4, 2, 1]],
    ["zipf", [12, 6, 4, 3]],
  ] as const)("makes keys hot and cold as %s says", (keyDistribution, weights) => {
    const options = { keyCount: 4, keyDistribution, maxWritesPerKey: 1_000_000 };
    const mops = mopsOf(operationsOf(build(options), 5000));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [key, weight] of weights.entries()) {
      const share = mops.filter((mop) => mop[1] === key).length / mops.length;
      expect(Math.abs(share - weight / total)).toBeLessThan(0.03);
    }
  });

  test("stays within its bounds over several sessions of a plan, where writes are unique too", () => {
    const plan = drawPlan(build({ maxWritesPerKey: 4 }), { seed: "7", sessions: 6, operations: 3000 });
    const writes = plan.sessions
      .flat()
      .flatMap(({ args }) => args.mops)
      .filter(([kind]) => kind !== "r");
    expect(new Set(writes.map(([, key, value]) => `${key}=${value}`)).size).toBe(writes.length);
    expect(Math.max(...writes.map(([, , value]) => value ?? 0))).toBe(4);
  });

  test.each([
    { keyCount: 0 },
    { keyCount: 1.5 },
    { minLength: 0 },
    { minLength: 5 },
    { maxWritesPerKey: 0 },
    { readFraction: -0.1 },
    { readFraction: 1.1 },
    { readFraction: NaN },
  ])("refuses %o", (options) => {
    expect(() => build(options)).toThrow(RangeError);
  });
});

test("a long plan costs a constant time per draw and keeps nothing of retired keys", () => {
  const operations = 200_000;
  const plan = drawPlan(listAppendTransactions({ maxWritesPerKey: 2 }), {
    seed: "1",
    sessions: 2,
    operations,
  });
  expect(plan.sessions.map((entries) => entries.length)).toEqual([operations / 2, operations / 2]);
  const last = plan.sessions[1]?.at(-1);
  expect(Math.max(...(last?.args.mops ?? []).map(([, key]) => key))).toBeGreaterThan(50_000);
});
