import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import ts from "typescript";
import { describe, expect, test } from "vitest";

import { freshSeed, freshToken } from "../../src/random/entropy.ts";
import { stream } from "../../src/random/rng.ts";

const firstOfSeed42 = [
  0.48254287242889404, 0.6853817028459162, 0.7005977272056043, 0.2882984911557287, 0.6484079577494413,
];

function floats(seed: string, name: string, count: number): number[] {
  const rng = stream(seed, name);
  return Array.from({ length: count }, () => rng.float());
}

describe("stream", () => {
  test("gives these numbers for seed 42, today and always", () => {
    expect(floats("42", "generator", 5)).toEqual(firstOfSeed42);
  });

  test("gives the same numbers in plain Node, without a bundler's idea of CommonJS imports", () => {
    const file = fileURLToPath(new URL("../../src/random/rng.ts", import.meta.url));
    const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
    });
    const program = `${outputText}
      const rng = stream("42", "generator");
      console.log(JSON.stringify(Array.from({ length: 5 }, () => rng.float())));`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-"], {
      input: program,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual(firstOfSeed42);
  });

  test("differs by seed and by name, also where seed and name put together are the same text", () => {
    const pairs = [
      ["1", "generator"],
      ["2", "generator"],
      ["1", "scheduler"],
      ["11", "a"],
      ["1", "1a"],
    ] as const;
    const firsts = new Set(pairs.map(([seed, name]) => floats(seed, name, 3).join()));
    expect(firsts.size).toBe(pairs.length);
  });

  test("is not shifted by draws from another stream of the seed", () => {
    const alone = floats("42", "process/0", 100);
    const other = stream("42", "process/1");
    const disturbed = stream("42", "process/0");
    const together = alone.map((_, count) => {
      for (let draw = 0; draw < count % 5; draw += 1) other.float();
      return disturbed.float();
    });
    expect(together).toEqual(alone);
  });

  test("is not correlated with its neighbours", () => {
    const count = 20_000;
    const left = floats("42", "process/0", count);
    const right = floats("42", "process/1", count);
    const covariance =
      left.reduce((sum, value, i) => sum + (value - 0.5) * ((right[i] ?? 0) - 0.5), 0) / count;
    // The correlation of independent streams has a standard deviation of 1/√count = 0.007.
    expect(Math.abs(covariance * 12)).toBeLessThan(0.03);
  });

  test("draws once for every call, so that streams can be compared draw by draw", () => {
    const rng = stream("7", "x");
    rng.int(10);
    rng.chance(0.5);
    rng.pick(["a", "b"]);
    rng.float();
    expect(rng.float()).toBe(floats("7", "x", 5)[4]);
  });

  test("int reaches every value below its bound about equally often, and no other", () => {
    const rng = stream("42", "int");
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let draw = 0; draw < 7000; draw += 1) {
      const value = rng.int(7);
      counts[value] = (counts[value] ?? NaN) + 1;
    }
    expect(counts).toHaveLength(7);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test.each([0, -1, 1.5, NaN, Infinity, 2 ** 32 + 1])("int refuses the bound %s", (bound) => {
    expect(() => stream("1", "x").int(bound)).toThrow(RangeError);
  });

  test("chance keeps to its probability, and is certain at 0 and 1", () => {
    const rng = stream("42", "chance");
    const share = (probability: number): number =>
      Array.from({ length: 4000 }, () => rng.chance(probability)).filter(Boolean).length / 4000;
    expect(share(0)).toBe(0);
    expect(share(1)).toBe(1);
    expect(Math.abs(share(0.3) - 0.3)).toBeLessThan(0.03);
  });

  test("pick gives items of the list, also undefined ones, and refuses an empty list", () => {
    const rng = stream("42", "pick");
    const picked = new Set(Array.from({ length: 50 }, () => rng.pick(["a", undefined])));
    expect(picked).toEqual(new Set(["a", undefined]));
    expect(() => rng.pick([])).toThrow("at least one item");
  });
});

describe("entropy", () => {
  test("gives decimal seeds and hexadecimal tokens that do not repeat", () => {
    const seeds = new Set(Array.from({ length: 100 }, freshSeed));
    const tokens = new Set(Array.from({ length: 100 }, () => freshToken()));
    expect(seeds.size).toBeGreaterThan(98);
    expect(tokens.size).toBeGreaterThan(98);
    for (const seed of seeds) {
      expect(seed).toMatch(/^\d+$/);
      expect(Number(seed)).toBeLessThan(2 ** 32);
    }
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{8}$/);
  });
});
