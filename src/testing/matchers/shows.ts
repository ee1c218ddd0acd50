import { beModels, cycleAnomaly } from "../../checkers/biswas-enea/be-models.ts";
import { type CheckOptions, examine } from "../../checkers/check.ts";
import type { DomainChecker } from "../../checkers/domain/domain-checker.ts";
import { domainCheckers } from "../../checkers/domain/domain-checkers.ts";
import { durability } from "../../checkers/domain/durability.ts";
import { anomalyImplies } from "../../checkers/models/anomaly-table.ts";
import { prohibited } from "../../checkers/models/boundary.ts";
import { closure, inverse } from "../../checkers/models/closure.ts";
import { theoryAnomalies } from "../../checkers/models/descriptions/theory-anomalies.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import { checkersOf, type Invariant } from "../../workload/invariant.ts";
import { type Answer, pick, unknown } from "./answer.ts";
import { looksAsWell } from "./looks-as-well.ts";
import { named } from "./names.ts";
import { type Subject, understand } from "./subject.ts";
import { writeSkews } from "./write-skew.ts";

/** How a history is to be read; see {@link CheckOptions}. Without effect on a verdict. */
export interface AnomalyOptions extends Omit<CheckOptions, "model" | "checks"> {
  /** Checks of the application, isolab's own by name, or invariants; those of the history's header by default. */
  readonly checks?: readonly (string | Invariant)[];
}

/**
 * Whether a history shows an anomaly, by any name the anomaly is known by: under that name, or as a case of
 * it (`G1a` is a case of `G1`).
 *
 * That nothing was found is an answer only where it was looked for: for a broken invariant, where its check
 * was made; for an anomaly of sessions or of real time, where their order counted; never for a name of the
 * literature that isolab's checkers do not report. A verdict does not tell which checks were made: what it
 * does not list counts as not shown, unless it is `unknown`.
 *
 * @throws CheckError when `options` name an unknown workload.
 */
export function shows(subject: Subject, anomaly: string, options: AnomalyOptions = {}): Answer {
  const understood = understand(subject);
  if (understood.kind === "refused") return unknown(understood.refusal);
  const checks = checkersOf({ checks: options.checks ?? asked(understood) });
  const own = new Set([...checks.flatMap(anomaliesOf), ...observedBy(understood)]);
  const known = own.has(anomaly) ? { name: anomaly } : named("anomaly", anomaly);
  if ("refusal" in known) return unknown(known.refusal);
  const { name } = known;
  if (understood.kind === "verdict") {
    const { verdict } = understood;
    const doubt = verdict.because ?? notLookedForBy(verdict.model, name);
    return answer(verdict, name, doubt);
  }
  const { verdict, doubts } = examine(understood.history, { ...options, model: modelFor(name), checks });
  return answer(verdict, name, doubts[0] ?? notChecked(name, checks));
}

type Known = Exclude<ReturnType<typeof understand>, { readonly kind: "refused" }>;

function asked(understood: Known): readonly string[] {
  return understood.kind === "history" ? (understood.history.header?.checks ?? []) : [];
}

function observedBy(understood: Known): readonly string[] {
  return understood.kind === "verdict" ? understood.verdict.observed : [];
}

/** @param doubt why nothing found proves nothing, if there is a reason */
function answer(verdict: Verdict, name: string, doubt: string | undefined): Answer {
  const found = verdict.observed.filter((one) => one === name || isCaseOf(one, name));
  if (found.length > 0) {
    const as = found.includes(name) ? "" : `, as ${found.join(", ")}`;
    return {
      holds: true,
      sentence: `the history shows ${name}${as}`,
      anomalies: pick(verdict.anomalies, found.includes(name) ? [name] : found),
    };
  }
  if (name === "write-skew") {
    const skews = writeSkews(verdict.anomalies);
    if (skews.length > 0)
      return { holds: true, sentence: `the history shows ${name}`, anomalies: { [name]: skews } };
  }
  const near = nearTo(name).filter((one) => verdict.observed.includes(one));
  if (near.length > 0)
    return {
      holds: "unknown",
      sentence: `the history shows ${near.join(", ")}, and whether that is ${name} its witnesses do not tell`,
      anomalies: pick(verdict.anomalies, near),
    };
  const why = doubt ?? neverReported(name);
  if (why !== undefined) return unknown(why);
  const others = verdict.observed.length === 0 ? "no anomaly" : `only ${verdict.observed.join(", ")}`;
  return {
    holds: false,
    sentence: `the history does not show ${name}: of ${verdict.counts.ok} operations that surely succeeded, ${others} was found`,
    anomalies: pick(verdict.anomalies, verdict.observed),
  };
}

const cases = inverse(anomalyImplies);

function isCaseOf(one: string, name: string): boolean {
  return closure([name], cases).has(one);
}

/** What may be a case of it, or may not: isolab's checkers report these instead of it. */
function nearTo(name: string): readonly string[] {
  if (name === "write-skew") return ["G2-item", "G2", "PL-3-cycle-exists"];
  return [];
}

/** Groups of anomalies whose every member is reported: where none is found, the group is not shown. */
const wholeGroups = new Set(["G1", "G1-process", "G1-realtime", "write-skew"]);

function neverReported(name: string): string | undefined {
  if (!Object.hasOwn(theoryAnomalies, name) || wholeGroups.has(name)) return undefined;
  return `isolab does not look for ${name} by that name, so its absence is not proven; isolab explain ${name} says what is reported instead`;
}

/** By whose order of transactions the checkers look for an anomaly; the first that forbids it is enough. */
const lookers = ["serializable", "strong-session-serializable", "strict-serializable"] as const;

/** The model that makes the checkers look for an anomaly. What no model forbids, any of them looks for. */
function modelFor(name: string): string {
  const be = beModels.find((model) => cycleAnomaly(model) === name);
  return be ?? lookers.find((model) => prohibited(model).has(name)) ?? "serializable";
}

function notLookedForBy(judgedBy: string, name: string): string | undefined {
  return looksAsWell(judgedBy, modelFor(name))
    ? undefined
    : `the verdict was made for ${judgedBy}, which does not look for ${name}: ask the history`;
}

function anomaliesOf(check: string | DomainChecker): readonly string[] {
  if (typeof check !== "string") return Object.keys(check.anomalies);
  const known = domainCheckers.get(check);
  return known === undefined ? [check] : Object.keys(known.anomalies);
}

/** Why a broken invariant was not looked for, if it was not. */
function notChecked(name: string, checks: readonly (string | DomainChecker)[]): string | undefined {
  const whose = [...domainCheckers.values()].find(({ anomalies }) => Object.hasOwn(anomalies, name));
  if (whose === undefined || whose === durability) return undefined;
  if (checks.some((check) => anomaliesOf(check).includes(name))) return undefined;
  return `${name} is what the check "${whose.name}" finds, and nobody asked for it: pass { checks: ["${whose.name}"] }`;
}
