import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { anomalyImplies } from "../../../src/checkers/models/anomaly-table.ts";
import { prohibited } from "../../../src/checkers/models/boundary.ts";
import { closure } from "../../../src/checkers/models/closure.ts";
import { modelImplies } from "../../../src/checkers/models/model-table.ts";
import { models } from "../../../src/checkers/models/names.ts";

type Relation = Readonly<Record<string, readonly string[]>>;

/** What Elle itself answers. */
const elle = JSON.parse(readFileSync(new URL("elle-relations.json", import.meta.url), "utf8")) as {
  readonly modelImplies: Relation;
  readonly anomalyImplies: Relation;
  readonly prohibited: Relation;
};

const reached = (relation: Relation, from: string): readonly string[] =>
  [...closure([from], relation)].sort();

test("the models are Elle's", () => {
  expect(Object.keys(elle.prohibited).sort()).toEqual([...models].sort());
});

test.each(models)("%s implies and forbids what it does in Elle", (model) => {
  expect(reached(modelImplies, model)).toEqual(reached(elle.modelImplies, model));
  expect([...prohibited(model)].sort()).toEqual(elle.prohibited[model]?.toSorted());
});

test.each(Object.keys(elle.anomalyImplies))("%s implies what it does in Elle", (anomaly) => {
  expect(reached(anomalyImplies, anomaly)).toEqual(reached(elle.anomalyImplies, anomaly));
});
