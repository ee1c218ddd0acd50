import { beProhibited, isBeModel } from "../../checkers/biswas-enea/be-models.ts";
import { alwaysForbidden } from "../../checkers/check-graph.ts";
import { type CheckOptions, examine } from "../../checkers/check.ts";
import { prohibited } from "../../checkers/models/boundary.ts";
import { friendlyModel } from "../../checkers/models/names.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import { type Answer, pick, unknown } from "./answer.ts";
import { looksAsWell } from "./looks-as-well.ts";
import { named } from "./names.ts";
import { type Subject, understand } from "./subject.ts";

/** How a history is to be read; see {@link CheckOptions}. Without effect on a verdict. */
export type ModelOptions = Omit<CheckOptions, "model" | "checks">;

/**
 * Whether a history satisfies a consistency model, by any name the model is known by. Invariants of the
 * application do not count: a history can be serializable and break them.
 *
 * A verdict answers as far as it goes: what it found breaks every model that forbids it; a valid one holds
 * for the models that its own implies, and for those whose anomalies it looked for as well.
 *
 * @throws CheckError when `options` name an unknown workload.
 */
export function satisfies(subject: Subject, model: string, options: ModelOptions = {}): Answer {
  const known = named("model", model);
  if ("refusal" in known) return unknown(known.refusal);
  const forbidden = forbiddenBy(known.name);
  const friendly = friendlyModel(known.name);
  if (forbidden.size === 0)
    return unknown(`isolab knows no anomaly that breaks ${friendly}, so nothing can prove it`);
  const understood = understand(subject);
  switch (understood.kind) {
    case "refused":
      return unknown(understood.refusal);
    case "history": {
      const { verdict, doubts } = examine(understood.history, { ...options, model: known.name, checks: [] });
      return answer(verdict, friendly, forbidden, doubts);
    }
    case "verdict": {
      const { verdict } = understood;
      const isCovered = looksAsWell(verdict.model, known.name);
      const limit = `the verdict was made for ${verdict.model}, which leaves ${friendly} open: ask the history`;
      return answer(verdict, friendly, forbidden, isCovered ? [] : [limit]);
    }
  }
}

function answer(
  verdict: Verdict,
  model: string,
  forbidden: ReadonlySet<string>,
  doubts: readonly string[],
): Answer {
  const found = verdict.observed.filter((type) => forbidden.has(type) || alwaysForbidden.has(type));
  if (found.length > 0)
    return {
      holds: false,
      sentence: `the history is not ${model}: it shows ${found.join(", ")}`,
      anomalies: pick(verdict.anomalies, found),
    };
  const [doubt = verdict.because] = doubts;
  if (doubt !== undefined) return unknown(doubt);
  if (verdict.valid !== true)
    return {
      holds: "unknown",
      sentence: `${verdict.anomalyTypes.join(", ")} was found, which by itself leaves open whether the history is ${model}`,
      anomalies: pick(verdict.anomalies, verdict.anomalyTypes),
    };
  const { ok } = verdict.counts;
  return {
    holds: true,
    sentence: `the history is ${model}: of ${ok} operations that surely succeeded, none shows what it forbids`,
    anomalies: {},
  };
}

function forbiddenBy(model: string): ReadonlySet<string> {
  return isBeModel(model) ? beProhibited(model) : prohibited(model);
}
