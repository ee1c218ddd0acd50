import { anomalyImplies } from "./anomaly-table.ts";
import { closure, inverse } from "./closure.ts";
import { modelImplies, modelProscribes } from "./model-table.ts";
import { canonicalModel, friendlyModel, models, unknownModel } from "./names.ts";

const impliedBy = inverse(modelImplies);
const anomalyImpliedBy = inverse(anomalyImplies);
const prohibitedBy = new Map(models.map((model) => [model, computeProhibited(model)]));

/**
 * Every anomaly whose presence breaks the model: those it or a model it implies proscribes, and all
 * that imply one of them.
 * @param model canonical or friendly
 * @throws RangeError when there is no such model.
 */
export function prohibited(model: string): ReadonlySet<string> {
  const found = prohibitedBy.get(canonicalModel(model));
  if (found === undefined) throw new RangeError(unknownModel(model));
  return found;
}

/** The models and all that imply them, by canonical name: if these are broken, so are those. */
export function strongerModels(broken: Iterable<string>): ReadonlySet<string> {
  return closure(broken, impliedBy);
}

/** The anomalies and all they imply. */
export function impliedAnomalies(anomalies: Iterable<string>): ReadonlySet<string> {
  return closure(anomalies, anomalyImplies);
}

/** The models, by canonical name, that a history with these anomalies cannot satisfy. */
export function impossibleModels(anomalies: Iterable<string>): ReadonlySet<string> {
  const found = [...anomalies];
  return new Set(models.filter((model) => found.some((anomaly) => prohibited(model).has(anomaly))));
}

/** The frontier of what a history rules out. */
export interface Boundary {
  /** The weakest models ruled out, by friendly name, sorted. */
  readonly not: readonly string[];
  /** The models ruled out because they imply one of `not`; sorted. */
  readonly alsoNot: readonly string[];
}

/** Splits the ruled-out models into the weakest and the rest. */
export function boundary(anomalies: Iterable<string>): Boundary {
  const impossible = impossibleModels(anomalies);
  const not: string[] = [];
  const alsoNot: string[] = [];
  for (const model of impossible) {
    const weaker = closure(modelImplies[model] ?? [], modelImplies);
    const list = [...weaker].some((other) => impossible.has(other)) ? alsoNot : not;
    list.push(friendlyModel(model));
  }
  return { not: not.sort(), alsoNot: alsoNot.sort() };
}

function computeProhibited(model: string): ReadonlySet<string> {
  const direct = [...closure([model], modelImplies)].flatMap((weaker) => modelProscribes[weaker] ?? []);
  return closure(direct, anomalyImpliedBy);
}
