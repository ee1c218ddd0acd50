import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { recordedRun, recordedToken } from "../../src/cli/recorded-run.ts";
import { encodePlan } from "../../src/generators/plan-json.ts";
import { encodeReproJson } from "../../src/report/reproduction/repro-json.ts";
import { encodeToken } from "../../src/report/reproduction/token.ts";
import { encodeSchedule } from "../../src/scheduler/schedule-json.ts";
import { planOfSizes } from "../runner/plans.ts";
import { temporaryDirectory } from "../support/runs.ts";

const database = { kind: "postgres", version: "18.4", settings: {} } as const;
const header = {
  isolab: 1,
  seed: "1",
  workload: "register",
  variant: "naive",
  params: { models: 2 },
  mode: "interleaved",
  isolation: "read-committed",
  database,
};
const operation = { index: 0, time: 0, process: 0, type: "invoke", f: "register", value: [] };
const history = `${JSON.stringify(header)}\n${JSON.stringify(operation)}\n`;
const plan = planOfSizes([1, 1]);
const schedule = { isolab: 1, seed: "1", strategy: "random", schedule: 0, steps: [] } as const;
const reproduction = {
  workload: "register",
  variant: "naive",
  parameters: { models: 2 },
  database,
  isolation: "read-committed",
  seed: "1",
  plan: plan.sessions,
  moves: [{ kind: "grant", session: 0 }],
  digest: "0123456789abcdef",
} as const;

/** A run directory, gone after the test. */
function run(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const directory = join(temporaryDirectory(), "run");
  mkdirSync(directory);
  const files: Record<string, string | undefined> = {
    "history.jsonl": history,
    "plan.json": encodePlan(plan),
    "schedule.json": encodeSchedule(schedule),
    ...changes,
  };
  for (const [name, text] of Object.entries(files))
    if (text !== undefined) writeFileSync(join(directory, name), text);
  return directory;
}

const read = {
  plan,
  workload: "register",
  variant: "naive",
  parameters: { models: 2 },
  isolation: "read-committed",
  database,
};

describe("what is needed to execute a run again", () => {
  test.each(["", "history.jsonl"])("is read from a run directory and its history (%j)", async (name) => {
    const path = join(run(), name);
    const recorded = await recordedRun(path);
    expect(recorded).toMatchObject(read);
    expect(recorded.recorded).toMatchObject({ kind: "run", schedule });
  });

  test("has no schedule where all went at once", async () => {
    const free = { "history.jsonl": history.replace("interleaved", "stress"), "schedule.json": undefined };
    expect((await recordedRun(run(free))).recorded).toMatchObject({ kind: "run", schedule: undefined });
  });

  test("is read from a repro.json, a directory with nothing but that, and a token", async () => {
    const text = encodeReproJson({ ...reproduction, anomalies: ["G2"] });
    const alone = run({ "history.jsonl": undefined, "repro.json": text });
    const moves = { kind: "moves", moves: reproduction.moves, digest: reproduction.digest };
    for (const recorded of [
      await recordedRun(alone),
      await recordedRun(join(alone, "repro.json")),
      await recordedToken(encodeToken(reproduction)),
    ])
      expect(recorded).toMatchObject({ ...read, database: { kind: "postgres" }, recorded: moves });
  });
});

describe("what cannot be replayed", () => {
  const whole = encodeSchedule(schedule);
  test.each<[string, Readonly<Record<string, string | undefined>>, string, RegExp]>([
    ["no plan", { "plan.json": undefined }, "", /plan\.json is missing: replaying history\.jsonl needs it/],
    ["no schedule", { "schedule.json": undefined }, "history.jsonl", /schedule\.json is missing/],
    ["no history", { "history.jsonl": undefined }, "", /holds neither history\.jsonl nor repro\.json/],
    ["a broken schedule", { "schedule.json": whole.slice(0, 20) }, "", /schedule\.json:\d+:\d+/],
    [
      "a later format",
      { "schedule.json": whole.replace('"isolab":1', '"isolab":9') },
      "",
      /use the one that wrote it/,
    ],
    ["an empty history", { "history.jsonl": "" }, "", /history\.jsonl: the file is empty/],
    ["a history of others", { "history.jsonl": JSON.stringify(operation) }, "", /has no header/],
    ["EDN", { "history.edn": "{}" }, "history.edn", /neither a run directory nor its history\.jsonl nor a/],
    ["another file", {}, "plan.json", /no "isolab-repro" field/],
    ["nothing", {}, "elsewhere", /there is no run at .*elsewhere/],
  ])("%s", async (_, changes, name, sentence) => {
    await expect(recordedRun(join(run(changes), name))).rejects.toThrow(sentence);
  });

  test.each([
    ["cut", (token: string) => token.slice(0, -4), /cut off/],
    ["altered", (token: string) => token.replace(/.(.{8})$/, (_, rest: string) => `!${rest}`), /token/],
    ["of another format", (token: string) => token.replace("isl1", "isl7"), /format 7/],
    ["none", () => "abc", /no token of isolab/],
  ])("a token that is %s", async (_, change, sentence) => {
    await expect(recordedToken(change(encodeToken(reproduction)))).rejects.toThrow(sentence);
  });
});
