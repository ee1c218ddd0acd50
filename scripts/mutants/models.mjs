import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { m } from "./mutant.mjs";

const tables = {
  modelImplies: { file: "models/model-table.ts", verb: "implies" },
  modelProscribes: { file: "models/model-table.ts", verb: "forbids" },
  anomalyImplies: { file: "models/anomaly-table.ts", verb: "implies" },
};

const relations = Object.fromEntries(Object.keys(tables).map((table) => [table, relationOf(table)]));
const answers = JSON.stringify(answersOf(relations));

/** Every entry of the three tables is left out in turn. */
export const modelMutants = [
  ...Object.keys(tables).flatMap(entries),
  m(
    "models: what a weaker model forbids is allowed",
    "models/boundary.ts",
    "[...closure([model], modelImplies)].flatMap",
    "[model].flatMap",
  ),
  m(
    "models: what implies something forbidden is allowed",
    "models/boundary.ts",
    "return closure(direct, anomalyImpliedBy);",
    "return new Set(direct);",
  ),
  m(
    "models: every model that is ruled out is the weakest",
    "models/boundary.ts",
    "[...weaker].some((other) => impossible.has(other)) ? alsoNot : not",
    "not",
  ),
  m(
    "models: implications go one step",
    "models/closure.ts",
    "for (const item of reached) for",
    "for (const item of [...reached]) for",
  ),
];

function entries(table) {
  const { file, verb } = tables[table];
  return rowsOf(table).flatMap(({ text, name, targets }) =>
    targets.map((target) => {
      const kept = targets.filter((other) => other !== target);
      const left = text.replace(/\[[^\]]*\]/, JSON.stringify(kept));
      const changed = { ...relations, [table]: { ...relations[table], [name]: kept } };
      const same = JSON.stringify(answersOf(changed)) === answers;
      const reason = same ? "implied by the rest of the tables" : undefined;
      return m(`models: ${name} no longer ${verb} ${target}`, file, text, left, reason);
    }),
  );
}

function relationOf(table) {
  return Object.fromEntries(rowsOf(table).map(({ name, targets }) => [name, targets]));
}

/** The rows of a table in the source, as text and as data. */
function rowsOf(table) {
  const source = readFileSync(resolve(import.meta.dirname, "../../src/checkers", tables[table].file), "utf8");
  const [, body = ""] = source.split(`export const ${table}`);
  const rows = body.slice(0, body.indexOf("\n};")).matchAll(/^ {2}"?([\w.+-]+)"?: \[[^\]]*\]/gm);
  return [...rows].map(([text, name]) => ({
    text,
    name,
    targets: [...text.slice(text.indexOf("[")).matchAll(/"([^"]+)"/g)].map(([, target]) => target),
  }));
}

/** All that can be asked of the tables. */
function answersOf({ modelImplies, modelProscribes, anomalyImplies }) {
  const named = [modelProscribes, anomalyImplies].flatMap((table) => Object.entries(table).flat(2));
  const anomalies = [...new Set(named)].sort();
  const implied = anomalies.map((anomaly) => closure([anomaly], anomalyImplies));
  return Object.keys(modelImplies).map((model) => {
    const weaker = closure([model], modelImplies);
    const forbidden = new Set(weaker.flatMap((one) => modelProscribes[one] ?? []));
    return [weaker, implied.map((those) => those.some((one) => forbidden.has(one))), implied];
  });
}

function closure(roots, relation) {
  const reached = new Set(roots);
  for (const item of reached) for (const next of relation[item] ?? []) reached.add(next);
  return [...reached].sort();
}
