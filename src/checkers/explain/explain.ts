import { beModels, beProhibited, isBeModel } from "../biswas-enea/be-models.ts";
import { aliases } from "../models/descriptions/aliases.ts";
import { anomalyDescriptions } from "../models/descriptions/anomaly-descriptions.ts";
import type { Example } from "../models/descriptions/examples/example.ts";
import { exampleOf } from "../models/descriptions/examples/examples.ts";
import { modelDescriptions } from "../models/descriptions/model-descriptions.ts";
import { preventionOf, preventionSources, serverLevels } from "../models/descriptions/server-levels.ts";
import { anomalyImplies } from "../models/anomaly-table.ts";
import { boundary, prohibited } from "../models/boundary.ts";
import { closure, inverse } from "../models/closure.ts";
import { canonicalNames, modelImplies } from "../models/model-table.ts";
import { canonicalModel, friendlyModel } from "../models/names.ts";
import { judgeExample } from "./example-history.ts";
import type { Witness } from "../verdict.ts";
import type { AnomalyExplanation, ExplainedExample, Explanation, ModelExplanation } from "./explanation.ts";
import { lookUp } from "./known-names.ts";
import { sentenceList } from "./value-text.ts";

const modelImpliedBy = inverse(modelImplies);
const anomalyImpliedBy = inverse(anomalyImplies);

/** Everything there is to say about a model or an anomaly, or undefined when there is neither of that name. */
export function explain(name: string): Explanation | undefined {
  const known = lookUp(name);
  if (known === undefined) return undefined;
  return known.kind === "model" ? explainModel(known.name) : explainAnomaly(known.name);
}

function explainModel(canonical: string): ModelExplanation | undefined {
  const description = modelDescriptions[canonical];
  if (description === undefined) return undefined;
  const direct = impliedModels(canonical);
  const weaker = closure(direct, modelTable);
  const forbids = forbiddenBy(canonical);
  const known = new Set([...weaker].flatMap((model) => [...forbiddenBy(model)]));
  const keeps = levelsFor(canonical);
  return {
    kind: "model",
    name: friendlyModel(canonical),
    alsoCalled: otherNames(canonical),
    ...description,
    implies: friendly(direct),
    impliesInTurn: friendly([...weaker].filter((model) => !direct.includes(model))),
    impliedBy: friendly(
      isBeModel(canonical) ? strongerBeModel(canonical) : (modelImpliedBy[canonical] ?? []),
    ),
    adds: [...forbids].filter((anomaly) => !known.has(anomaly)).sort(),
    forbids: [...forbids].sort(),
    ...(keeps === undefined ? {} : { levels: keeps, sources: sourcesWith(description.sources) }),
  };
}

function explainAnomaly(name: string): AnomalyExplanation | undefined {
  const description = anomalyDescriptions[name];
  if (description === undefined) return undefined;
  const { not, alsoNot } = ruledOut(name);
  const example = exampleOf(name);
  const preventions = preventionOf(name);
  const levels = serverLevels.flatMap((level, i) => {
    const prevention = preventions?.[i];
    return prevention === undefined ? [] : [{ ...level, prevention }];
  });
  return {
    kind: "anomaly",
    name,
    alsoCalled: otherNames(name),
    ...description,
    rulesOut: not,
    alsoRulesOut: alsoNot,
    implies: [...(anomalyImplies[name] ?? [])],
    impliedBy: [...(anomalyImpliedBy[name] ?? [])],
    ...(example === undefined ? {} : { example: explainedExample(example) }),
    ...(levels.length === 0 ? {} : { levels, sources: sourcesWith(description.sources) }),
  };
}

/** Runs our own checkers on the example, so that what is shown is what they say. */
function explainedExample(example: Example): ExplainedExample {
  const { anomalies } = judgeExample(example);
  const explanations = Object.entries(anomalies).map(([anomaly, [witness]]) => ({
    anomaly,
    sentences: witness === undefined ? [] : witnessSentences(witness),
  }));
  return { ...example, explanations };
}

/** Who is who, and a sentence per step; processes are the example's sessions. */
function witnessSentences({ cycle, steps, explanation }: Witness): readonly string[] {
  if (steps.length === 0) return [explanation];
  const who = cycle.map(({ process }, i) => `T${i + 1} is session ${process}`);
  return [`${sentenceList(who)}.`, ...steps.map((step) => `${step.explanation}.`)];
}

const modelTable: Readonly<Record<string, readonly string[]>> = {
  ...modelImplies,
  ...Object.fromEntries(beModels.map((model, i) => [model, beModels.slice(Math.max(0, i - 1), i)])),
};

function impliedModels(canonical: string): readonly string[] {
  return modelTable[canonical] ?? [];
}

function strongerBeModel(model: string): readonly string[] {
  return beModels.filter((other) => impliedModels(other).includes(model));
}

function forbiddenBy(canonical: string): ReadonlySet<string> {
  return isBeModel(canonical) ? beProhibited(canonical) : prohibited(canonical);
}

function ruledOut(anomaly: string): { readonly not: readonly string[]; readonly alsoNot: readonly string[] } {
  const weakest = beModels.find((model) => beProhibited(model).has(anomaly));
  const { not, alsoNot } = boundary([anomaly]);
  if (not.length > 0 || weakest === undefined) return { not, alsoNot };
  return { not: [weakest], alsoNot: beModels.slice(beModels.indexOf(weakest) + 1) };
}

/** Levels promise what the model they keep implies. Of models nobody can break by an anomaly they do not speak. */
function levelsFor(canonical: string): ModelExplanation["levels"] {
  if (forbiddenBy(canonical).size === 0 || isBeModel(canonical)) return undefined;
  return serverLevels.map((level) => ({
    ...level,
    promises: closure([canonicalModel(level.keeps)], modelImplies).has(canonical),
  }));
}

function sourcesWith(own: readonly string[]): readonly string[] {
  return [...new Set([...own, ...preventionSources])];
}

function friendly(canonical: readonly string[]): readonly string[] {
  return canonical.map(friendlyModel).sort();
}

function otherNames(canonical: string): readonly string[] {
  const printed = friendlyModel(canonical);
  const names = [
    canonical,
    ...Object.keys(canonicalNames).filter((name) => canonicalNames[name] === canonical),
    ...Object.keys(aliases).filter((alias) => canonicalModel(aliases[alias] ?? "") === canonical),
  ];
  return [...new Set(names)].filter((name) => name !== printed);
}
