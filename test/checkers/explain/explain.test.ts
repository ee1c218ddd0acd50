import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

import { alwaysForbidden } from "../../../src/checkers/check-graph.ts";
import { beModels, cycleAnomaly } from "../../../src/checkers/biswas-enea/be-models.ts";
import { cycleAnomalies } from "../../../src/checkers/cycles/cycle-spec.ts";
import { domainCheckers } from "../../../src/checkers/domain/domain-checkers.ts";
import { explain } from "../../../src/checkers/explain/explain.ts";
import { lookUp, similarNames } from "../../../src/checkers/explain/known-names.ts";
import { aliases } from "../../../src/checkers/models/descriptions/aliases.ts";
import { anomalyDescriptions } from "../../../src/checkers/models/descriptions/anomaly-descriptions.ts";
import { preventionOf, serverLevels } from "../../../src/checkers/models/descriptions/server-levels.ts";
import { anomalyImplies } from "../../../src/checkers/models/anomaly-table.ts";
import { canonicalNames, modelProscribes } from "../../../src/checkers/models/model-table.ts";
import { isModel, modelNames, models } from "../../../src/checkers/models/names.ts";

const everyModel = [...new Set([...modelNames(), ...models, ...Object.keys(canonicalNames)])];
const everyAnomaly = [
  ...new Set([
    ...Object.entries(anomalyImplies).flatMap(([name, implied]) => [name, ...implied]),
    ...Object.values(modelProscribes).flat(),
    ...cycleAnomalies,
    ...alwaysForbidden,
    ...beModels.map(cycleAnomaly),
    ...[...domainCheckers.values()].flatMap(({ anomalies }) => Object.keys(anomalies)),
    ...reportedInSource(),
  ]),
];

describe("every name is explained", () => {
  test.each(everyModel)("the model %s", (name) => {
    const explanation = explain(name);
    expect(explanation?.kind).toBe("model");
    expectProse(explanation!);
  });

  test.each(everyAnomaly)("the anomaly %s", (name) => {
    const explanation = explain(name);
    expect(explanation).toMatchObject({ kind: "anomaly", name });
    expectProse(explanation!);
  });
});

test("no two names have the same summary or the same meaning", () => {
  const all = [...models, ...beModels, ...everyAnomaly].map((name) => explain(name)!);
  for (const field of ["summary", "meaning"] as const)
    expect(duplicates(all.map((one) => one[field]))).toEqual([]);
});

test("nothing is described that no table and no checker knows", () => {
  const known = new Set([...everyAnomaly, "OTV"]);
  expect(Object.keys(anomalyDescriptions).filter((name) => !known.has(name))).toEqual([]);
});

test("an anomaly that models forbid rules out one of them", () => {
  const orphans = everyAnomaly.filter((name) => {
    const explanation = explain(name);
    return explanation?.kind === "anomaly" && explanation.rulesOut.length === 0;
  });
  const theory = ["GSI", "GSIa", "GSIb", "G1-realtime"].filter((name) => orphans.includes(name));
  const domain = [...domainCheckers.values()].flatMap(({ anomalies }) => Object.keys(anomalies));
  const own = ["tied-versions", ...domain];
  expect(orphans.filter((name) => !theory.includes(name) && !own.includes(name))).toEqual([]);
});

test("levels agree with what the model they keep forbids", () => {
  for (const name of everyAnomaly) {
    const explanation = explain(name);
    if (explanation?.kind !== "anomaly") continue;
    explanation.levels?.forEach(({ keeps, prevention, level, server }) => {
      const model = explain(keeps);
      if (model?.kind === "model" && model.forbids.includes(name))
        expect(`${name} at ${server} ${level}: ${prevention}`).toMatch(/: prevented$/);
    });
  }
  expect(preventionOf("G0")).toHaveLength(serverLevels.length);
});

test("other names lead to ours, in any case", () => {
  for (const [alias, name] of Object.entries(aliases)) {
    expect(explain(alias), alias).toBeDefined();
    expect(explain(alias)?.name).toBe(explain(name)?.name);
  }
  expect(lookUp("snapshot isolation")).toEqual({ kind: "model", name: "PL-SI" });
  expect(lookUp("g-SINGLE-item")).toEqual({ kind: "anomaly", name: "G-single-item" });
  expect(lookUp("PL-2.99")).toEqual({ kind: "model", name: "PL-2.99" });
});

test("a name that does not exist has neighbours, or none", () => {
  expect(explain("serialisable")).toBeUndefined();
  expect(similarNames("serialisable")).toContain("serializable");
  expect(similarNames("G-singel")).toContain("G-single");
  expect(similarNames("snapshot")).toContain("snapshot-isolation");
  expect(similarNames("qqqqqqqqqqqqqqqqqqqqqqqqqqqq")).toEqual([]);
  expect(explain("__proto__")).toBeUndefined();
  expect(explain("constructor")).toBeUndefined();
});

test("stronger and weaker come from the tables", () => {
  expect(explain("snapshot-isolation")).toMatchObject({
    name: "snapshot-isolation",
    alsoCalled: ["PL-SI", "SI"],
    adds: expect.arrayContaining(["G-nonadjacent"]) as unknown,
  });
  expect(explain("lost-update")).toMatchObject({
    rulesOut: ["cursor-stability", "update-atomic"],
    implies: ["write-skew", "G2-item"],
  });
  expect(isModel("snapshot-isolation")).toBe(true);
});

function expectProse({ summary, meaning, sources }: NonNullable<ReturnType<typeof explain>>): void {
  expect(summary).toMatch(/^\S.{15,150}[^.\s]$/);
  expect(meaning).toMatch(/^[A-Z].{30,}\.$/s);
  expect(`${summary} ${meaning}`).not.toMatch(/todo|tbd|lorem|placeholder|undefined|\bnull\b/i);
  expect(sources.length).toBeGreaterThan(0);
}

function duplicates(texts: readonly string[]): readonly string[] {
  return texts.filter((text, i) => texts.indexOf(text) !== i);
}

/** The types that inferences report, as they are written in the code. */
function reportedInSource(): readonly string[] {
  const room = resolve(import.meta.dirname, "../../../src/checkers");
  return readdirSync(room, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(join(room, file), "utf8").matchAll(/indings\.add\(\s*"([^"]+)"/g)])
    .map(([, name]) => name!);
}
