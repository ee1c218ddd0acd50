import type { History } from "../history/history.ts";
import { beBoundary, beProhibited, isBeModel } from "./biswas-enea/be-models.ts";
import { checkBiswasEnea } from "./biswas-enea/check-biswas-enea.ts";
import { type Cases, casesOf, eitherCases } from "./cases.ts";
import { CheckError } from "./check-error.ts";
import { alwaysForbidden, checkGraph, type GraphResult } from "./check-graph.ts";
import { countOperations } from "./count-operations.ts";
import { defaultModel } from "./default-model.ts";
import type { DomainChecker, DomainResult } from "./domain/domain-checker.ts";
import { domainCheckers } from "./domain/domain-checkers.ts";
import { durability } from "./domain/durability.ts";
import type { KeyAssumptions } from "./infer/register/key-assumptions.ts";
import { boundary, prohibited } from "./models/boundary.ts";
import { isModel, unknownModel } from "./models/names.ts";
import { unknownOutcomes } from "./unknown-outcomes.ts";
import { type Counts, type Verdict, type Witness, witnessesPerType } from "./verdict.ts";

/** How a history is to be judged; what its header says is the default. */
export interface CheckOptions extends KeyAssumptions {
  /** The consistency model to judge by, friendly or canonical; what the header's level promises by default. */
  readonly model?: string;
  /** The kind of objects, by the name of an inference; what the micro-operations are by default. */
  readonly workload?: string;
  /** Domain checkers, isolab's own by name; those of the header by default. */
  readonly checks?: readonly (string | DomainChecker)[];
}

/**
 * Judges a history: the database against a consistency model, and the application against its own
 * invariants. Deterministic: the same history and options give the same verdict.
 *
 * `valid` is `"unknown"`, with the reason in `because`, when nothing forbidden was found but the history
 * proves too little: nothing committed, some kind of operation never succeeded, what was written cannot
 * be told apart, or a checker crashed.
 *
 * @throws CheckError when there is no such model or workload.
 */
export function check(history: History, options: CheckOptions = {}): Verdict {
  return examine(history, options).verdict;
}

/** A verdict, and what keeps the absence of anomalies from proving anything; a sentence each. */
export interface Examination {
  readonly verdict: Verdict;
  /** Of an invalid verdict too, where they say how far what is not listed was looked for. */
  readonly doubts: readonly string[];
}

/**
 * {@link check}, with the doubts beside the verdict.
 * @throws CheckError when there is no such model or workload.
 */
export function examine(history: History, options: CheckOptions = {}): Examination {
  const model = options.model ?? defaultModel(history.header);
  if (!isModel(model)) throw new CheckError(unknownModel(model));
  const counts = countOperations(history);
  const graph = guarded("The consistency checker", () =>
    isBeModel(model)
      ? checkBiswasEnea(history, model, options.workload)
      : checkGraph(history, model, options.workload, options),
  );
  const asked = options.checks ?? history.header?.checks ?? [];
  const domain = withDurability(asked).map((one) => checkDomain(history, one));
  const outcomes = unknownOutcomes(history);
  const doubts = [...vacuity(counts), ...graph.doubts, ...domain.flatMap((one) => one.doubts ?? [])];
  const judged = verdict(model, { counts, graph, domain, doubts });
  return { verdict: { ...judged, ...(outcomes === undefined ? {} : { outcomes }) }, doubts };
}

interface Crashed {
  readonly doubts: readonly string[];
  readonly hasCrashed: true;
}

interface NotMade {
  readonly doubts: readonly string[];
}

type Domain = (DomainResult & { readonly doubts?: undefined }) | Crashed | NotMade;

interface Parts {
  readonly counts: Counts;
  readonly graph: GraphResult | Crashed;
  readonly domain: readonly Domain[];
  readonly doubts: readonly string[];
}

function verdict(model: string, { counts, graph, domain, doubts }: Parts): Verdict {
  const found = "anomalies" in graph ? graph.anomalies : new Map<string, readonly Witness[]>();
  const broken = domain.flatMap((one) => ("anomalies" in one ? brokenBy(one) : []));
  const counted = "cases" in graph ? graph.cases : new Map<string, Cases>();
  const [forbidden, bound] = isBeModel(model)
    ? [beProhibited(model), beBoundary]
    : [prohibited(model), boundary];
  const bad = [...found.keys()].filter((type) => forbidden.has(type) || alwaysForbidden.has(type));
  const anomalyTypes = sorted([...bad, ...broken.map(({ type }) => type)]);
  const observed = sorted([...found.keys(), ...broken.map(({ type }) => type)]);
  const valid = anomalyTypes.length > 0 ? false : doubts.length > 0 ? "unknown" : true;
  const notes = [
    ...("notes" in graph ? graph.notes : []),
    ...domain.flatMap((one) => ("notes" in one ? one.notes : [])),
  ];
  const [because] = doubts;
  const crashed = [graph, ...domain].flatMap((one) => ("hasCrashed" in one ? one.doubts : []));
  return {
    valid,
    model,
    anomalyTypes,
    observed,
    ...(valid === true ? { not: [], alsoNot: [] } : bound(found.keys())),
    anomalies: Object.fromEntries(observed.map((type) => [type, witnesses(type, found, broken)])),
    ...(observed.length === 0
      ? {}
      : { cases: Object.fromEntries(observed.flatMap((type) => casesIn(type, counted, broken))) }),
    // An invalid verdict stands whatever else was in doubt, so the doubts become notes.
    notes: valid === false ? [...notes, ...doubts] : notes,
    counts,
    ...(valid === "unknown" && because !== undefined ? { because } : {}),
    ...(crashed.length === 0 ? {} : { crashed }),
  };
}

/** What a domain checker tells of one anomaly. */
interface Broken {
  readonly type: string;
  readonly witnesses: readonly Witness[];
  readonly cases: Cases;
}

function brokenBy({ anomalies, cases }: DomainResult): readonly Broken[] {
  return Object.entries(anomalies).map(([type, all]) => ({
    type,
    witnesses: all.slice(0, witnessesPerType),
    cases: cases?.[type] ?? casesOf(all, false),
  }));
}

/** What was acknowledged must not be lost, whatever the workload; where nothing was read at rest, nothing is judged. */
function withDurability(asked: readonly (string | DomainChecker)[]): readonly (string | DomainChecker)[] {
  const isAsked = asked.some((one) => (typeof one === "string" ? one : one.name) === durability.name);
  return isAsked ? asked : [...asked, durability];
}

function checkDomain(history: History, asked: string | DomainChecker): Domain {
  if (typeof asked === "string") {
    const known = domainCheckers.get(asked);
    if (known !== undefined) return checkDomain(history, known);
    return { doubts: [notMade(asked, history.header?.workload)] };
  }
  return guarded(`The checker ${asked.name}`, () => asked.check(history));
}

/** A check that is known by its name only: of a workload file that is not at hand, or of another version. */
function notMade(name: string, workload: string | undefined): string {
  const whose = workload === undefined ? "a workload file" : `the file of the workload "${workload}"`;
  return `The check "${name}" was not made: isolab has none of that name, so it belongs to ${whose}, which --workload ./FILE.ts adds.`;
}

/** A checker that crashes proves nothing, and must not pass for one that found nothing. */
function guarded<T>(who: string, run: () => T): T | Crashed {
  try {
    return run();
  } catch (error) {
    if (error instanceof CheckError) throw error;
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { doubts: [`${who} crashed: ${message.replace(/\.$/, "")}.`], hasCrashed: true };
  }
}

/** The f of the final reads, which alone prove nothing: there was nobody beside them. */
const readAtRest = "read-at-rest";

function vacuity({ ok, byF }: Counts): readonly string[] {
  const rest = byF[readAtRest]?.ok ?? 0;
  if (ok - rest === 0) return ["No operation surely succeeded, so the history proves nothing."];
  const never = Object.entries(byF).filter(([, outcomes]) => outcomes.ok === 0);
  return never.map(
    ([f, { fail, info }]) =>
      `The operation ${f} was attempted ${fail + info} times and never surely succeeded, so nothing is proven of it.`,
  );
}

function witnesses(
  type: string,
  found: ReadonlyMap<string, readonly Witness[]>,
  broken: readonly Broken[],
): readonly Witness[] {
  return [...(found.get(type) ?? []), ...broken.flatMap((one) => (one.type === type ? one.witnesses : []))];
}

function casesIn(
  type: string,
  counted: ReadonlyMap<string, Cases>,
  broken: readonly Broken[],
): readonly (readonly [string, Cases])[] {
  const graph = counted.get(type);
  const told = broken.flatMap((one) => (one.type === type ? one.cases : []));
  const [first, ...others] = graph === undefined ? told : [graph, ...told];
  return first === undefined ? [] : [[type, others.reduce(eitherCases, first)]];
}

function sorted(types: readonly string[]): readonly string[] {
  return [...new Set(types)].sort();
}
