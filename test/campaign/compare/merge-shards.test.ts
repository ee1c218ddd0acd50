import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { inShard, readAsked } from "../../../src/campaign/compare/compare-asked.ts";
import { mergeShards } from "../../../src/campaign/compare/merge-shards.ts";
import { readCell } from "../../../src/campaign/compare/saved-cells.ts";
import { isolationLevels } from "../../../src/history/header.ts";
import register from "../../../workloads/register.ts";
import { runConfig, temporaryDirectory } from "../../support/runs.ts";
import { askedFor, recordedCell, verdictOf } from "./fixtures.ts";

const variants = Object.keys(register.variants).slice(0, 2);
const names = variants.flatMap((variant) => isolationLevels.map((level) => `1-postgres-${variant}-${level}`));

/** A comparison of eight cells, whole. */
function whole(): string {
  const directory = join(temporaryDirectory(), "whole");
  askedFor(directory, names);
  let index = 3;
  for (const variant of variants)
    for (const level of isolationLevels)
      recordedCell(
        directory,
        `1-postgres-${variant}-${level}`,
        runConfig(register, variant, level),
        verdictOf({ G2: [index++, index + 40] }),
      );
  return directory;
}

/** The same recorded cells, dealt out to shards. */
function shardsOf(directory: string, of: number): readonly string[] {
  return Array.from({ length: of }, (_, number) => {
    const shard = { index: number + 1, of };
    const path = join(temporaryDirectory(), `shard-${shard.index}`);
    askedFor(path, names, { shard });
    for (const name of inShard(names, shard))
      cpSync(join(directory, name), join(path, name), { recursive: true });
    return path;
  });
}

test("shards are a partition, each with as many cells as any other give or take one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 }), (length, of) => {
      const cells = Array.from({ length }, (_, number) => number);
      const shards = Array.from({ length: of }, (_, number) => inShard(cells, { index: number + 1, of }));
      expect(shards.flat().toSorted((a, b) => a - b)).toEqual(cells);
      const sizes = shards.map((shard) => shard.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test.each([1, 3, 4, 11])("%i shards merge, in any order, into what the whole is", (of) => {
  const directory = whole();
  const { asked, cells } = mergeShards(shardsOf(directory, of).toReversed());
  const without = (run: string): unknown => ({ ...readCell(run), run: undefined });
  expect(cells.map((cell) => ({ ...cell, run: undefined }))).toEqual(
    names.map((name) => without(join(directory, name))),
  );
  expect(cells[2]?.figures).toEqual({ G2: { cases: 1, more: false, operations: 2, first: 5 } });
  expect(asked).toEqual(readAsked(directory));
});

describe("what makes no whole is refused with one sentence", () => {
  test("a cell is missing", () => {
    const [first = "", ...others] = shardsOf(whole(), 4);
    expect(() => mergeShards(others)).toThrow(`2 cells missing (${names[0] ?? ""}, ${names[4] ?? ""})`);
    rmSync(join(first, names[0] ?? "", "cell.json"));
    expect(() => mergeShards([first, ...others])).toThrow(`1 cell missing (${names[0] ?? ""})`);
  });

  test("a cell is there twice", () => {
    const shards = shardsOf(whole(), 4);
    expect(() => mergeShards([...shards, ...shards.slice(0, 1)])).toThrow("2 cells there more than once");
  });

  test("a cell is of another comparison", () => {
    const [first = "", ...others] = shardsOf(whole(), 2);
    recordedCell(
      first,
      "1-postgres-other",
      runConfig(register, variants[0] ?? "", "serializable"),
      verdictOf({}),
    );
    expect(() => mergeShards([first, ...others])).toThrow(
      /1 other cell not part of the comparison \(.*1-postgres-other\)/,
    );
  });

  test.each([
    [{ seed: "2" }, /differ in --seed \(1 and 2\)/],
    [{ flags: { workload: "register", durable: true, set: [] } }, /differ in --durable/],
    [{ flags: { workload: "register", durable: false, set: [], ops: "7" } }, /differ in --ops/],
    [{ servers: [{ db: "mariadb" }] }, /differ in their servers/],
    [{ shard: { index: 2, of: 3 } }, /differ in --shard/],
  ])("they were asked for something else: %j", (changes, sentence) => {
    const [first = "", second = ""] = shardsOf(whole(), 2);
    askedFor(second, names, { shard: { index: 2, of: 2 }, ...changes });
    expect(() => mergeShards([first, second])).toThrow(sentence);
  });

  test.each([
    ["compare.json", "nothing", /compare\.json cannot be read as JSON/],
    ["compare.json", '{"isolab-compare":2}', /is of version 2, and this isolab reads version 1/],
    ["compare.json", '{"isolab-compare":1,"seed":"1"}', /is not what isolab writes/],
    [`${names[0] ?? ""}/cell.json`, '{"name":"x"', /cell\.json cannot be read as JSON/],
    [`${names[0] ?? ""}/cell.json`, '{"name":"x"}', /has no proper "server"/],
  ])("%s is %s", (file, text, sentence) => {
    const directory = whole();
    writeFileSync(join(directory, file), text);
    expect(() => mergeShards([directory])).toThrow(sentence);
  });

  test("a name leads out of the directory", () => {
    const directory = join(temporaryDirectory(), "hostile");
    mkdirSync(directory);
    askedFor(directory, ["../../etc"]);
    expect(() => mergeShards([directory])).toThrow(/is not what isolab writes/);
  });

  test("there is no comparison", () => {
    expect(() => mergeShards([temporaryDirectory()])).toThrow(/holds no comparison/);
  });
});
