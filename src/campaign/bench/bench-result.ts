import type { Validity, Verdict } from "../../checkers/verdict.ts";
import type { DatabaseKind, IsolationLevel } from "../../history/header.ts";
import { compareWithExpected, expectedAt } from "../../workload/expectation.ts";
import type { Parameters } from "../../workload/workload.ts";
import type { BenchCase, BenchRun, Contention } from "./bench.ts";
import { figureOf, percentileFigures, type Figure } from "./figures.ts";
import type { Measured } from "./measure.ts";
import {
  cleanByThroughput,
  ratioOf,
  recommend,
  type Contender,
  type Recommendation,
  type Standing,
} from "./recommend.ts";
import { againstIt, standingOf } from "./standing.ts";

/** A variant at a level and a contention on a server, over all rounds. The keys are stable: `--json` prints them. */
export interface BenchCell {
  readonly database: DatabaseKind;
  readonly version: string;
  readonly isolation: IsolationLevel;
  readonly contention: Contention;
  readonly parameters: Parameters;
  readonly workload: string;
  readonly variant: string;
  readonly valid: Validity;
  readonly standing: Standing;
  /** Throughput by that of the fastest clean variant there; null where there is none, or nothing was measured. */
  readonly ratio: Figure | null;
  /** What counts against the variant, of what was seen here. */
  readonly anomalies: readonly string[];
  /** All that was seen, what its level allows included. */
  readonly observed: readonly string[];
  /** Declared never to show, and seen. */
  readonly forbidden: readonly string[];
  /** Committed operations per second; null where a round could not be measured. */
  readonly throughput: Figure | null;
  readonly latencyMs: ReturnType<typeof percentileFigures>;
  readonly attemptMs: ReturnType<typeof percentileFigures>;
  /** Failed attempts by cause, all rounds together. */
  readonly aborts: Readonly<Record<string, number>>;
  readonly committed: number;
  readonly retries: number;
  readonly lost: number;
  readonly refused: number;
  readonly unknown: number;
  readonly lockWaits: Figure | null;
  /** Present when `lockWaits` is null. */
  readonly lockWaitsUnknown?: string;
  /** The rounds one by one, each with the run that it was measured on. */
  readonly rounds: readonly { readonly run: string; readonly measured: Measured | null }[];
}

/** What the figures recommend for one contention. */
export type BenchAdvice = Recommendation & {
  readonly database: DatabaseKind;
  readonly version: string;
  /** Null for the choice among all levels: variants are then named `VARIANT at LEVEL`. */
  readonly isolation: IsolationLevel | null;
  readonly contention: Contention;
};

/** A case with the runs that it had. */
export interface BenchRecord {
  readonly asked: BenchCase;
  readonly runs: readonly BenchRun[];
}

/** The cells of a comparison. Cases that were not run are left out. */
export function cellsOf(records: readonly BenchRecord[]): readonly BenchCell[] {
  const cells = records.flatMap((record) => {
    const [first] = record.runs;
    return first === undefined ? [] : [cellOf(record, first, othersOf(records, record))];
  });
  return groupsOf(cells, place).flatMap((group) => {
    const [leader] = cleanByThroughput(group.map((cell) => contender(cell, cell.variant)));
    return group.map((cell) => ({
      ...cell,
      ratio:
        leader === undefined || cell.throughput === null
          ? null
          : ratioOf(contender(cell, cell.variant), leader),
    }));
  });
}

/** One for each server, level and contention, and one among all levels where there are several. */
export function adviceOf(cells: readonly BenchCell[]): readonly BenchAdvice[] {
  const within = groupsOf(cells, place);
  const across = groupsOf(cells, ({ database, version, contention }) => [database, version, contention]);
  return [
    ...within.map((group) => advice(group, group[0].isolation)),
    ...across
      .filter((group) => new Set(group.map(({ isolation }) => isolation)).size > 1)
      .map((group) => advice(group, null)),
  ];
}

type Group = readonly [BenchCell, ...BenchCell[]];

function advice(group: Group, isolation: IsolationLevel | null): BenchAdvice {
  const [{ database, version, contention }] = group;
  const contenders = group.map((cell) =>
    contender(cell, isolation === null ? `${cell.variant} at ${cell.isolation}` : cell.variant),
  );
  return { database, version, isolation, contention, ...recommend(contenders) };
}

function contender({ standing, rounds }: BenchCell, name: string): Contender {
  return { name, standing, throughput: rounds.map(({ measured }) => measured?.throughput ?? 0) };
}

function place({ database, version, isolation, contention }: BenchCell): readonly string[] {
  return [database, version, isolation, contention];
}

function groupsOf(
  cells: readonly BenchCell[],
  key: (cell: BenchCell) => readonly string[],
): readonly Group[] {
  const groups = new Map<string, [BenchCell, ...BenchCell[]]>();
  for (const cell of cells) {
    const name = key(cell).join("\n");
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [cell]);
    else group.push(cell);
  }
  return [...groups.values()];
}

/** The same variant at the same level of the same server, at the other contentions. */
function othersOf(records: readonly BenchRecord[], { asked }: BenchRecord): readonly Verdict[] {
  return records
    .filter(
      ({ asked: { target, config, contention } }) =>
        target === asked.target &&
        config.variantName === asked.config.variantName &&
        config.isolation === asked.config.isolation &&
        contention !== asked.contention,
    )
    .flatMap(({ runs }) => runs.map(({ verdict }) => verdict));
}

function cellOf({ asked, runs }: BenchRecord, first: BenchRun, others: readonly Verdict[]): BenchCell {
  const { workload, variant, variantName, isolation, parameters } = asked.config;
  const { database } = first;
  const verdicts = runs.map(({ verdict }) => verdict);
  const observed = [...new Set(verdicts.flatMap((verdict) => verdict.observed))].sort();
  const expected = expectedAt(variant.expect, { database, isolation });
  return {
    database: database.kind,
    version: database.version,
    isolation,
    contention: asked.contention,
    parameters,
    workload: workload.name,
    variant: variantName,
    valid: worst(verdicts),
    standing: standingOf(workload, {
      rounds: runs,
      elsewhere: againstIt(workload, others),
      declared: expected.must,
    }),
    ratio: null,
    anomalies: againstIt(workload, verdicts),
    observed,
    forbidden: compareWithExpected(expected, observed).forbidden,
    ...figures(runs),
    rounds: runs.map(({ directory, measured }) => ({ run: directory, measured })),
  };
}

type Figures = Pick<
  BenchCell,
  | "throughput"
  | "latencyMs"
  | "attemptMs"
  | "aborts"
  | "committed"
  | "retries"
  | "lost"
  | "refused"
  | "unknown"
  | "lockWaits"
  | "lockWaitsUnknown"
>;

function figures(runs: readonly BenchRun[]): Figures {
  const measured = runs.map((run) => run.measured);
  const known = measured.filter((round) => round !== null);
  const sum = (pick: (round: Measured) => number): number =>
    known.reduce((total, one) => total + pick(one), 0);
  const waits = known.map(({ lockWaits }) => lockWaits);
  const knownWaits = waits.filter((share) => share !== null);
  const lockWaits = knownWaits.length === waits.length ? figureOf(knownWaits) : null;
  const because = runs.find(({ lockWaitsUnknown }) => lockWaitsUnknown !== undefined)?.lockWaitsUnknown;
  return {
    throughput: known.length === runs.length ? figureOf(known.map(({ throughput }) => throughput)) : null,
    latencyMs: percentileFigures(measured.map((round) => round?.latencyMs ?? null)),
    attemptMs: percentileFigures(measured.map((round) => round?.attemptMs ?? null)),
    aborts: added(known.map(({ aborts }) => aborts)),
    committed: sum((round) => round.committed),
    retries: sum((round) => round.retries),
    lost: sum((round) => round.lost),
    refused: sum((round) => round.refused),
    unknown: sum((round) => round.unknown),
    lockWaits,
    ...(lockWaits === null ? { lockWaitsUnknown: because ?? "a run was too short to look" } : {}),
  };
}

function added(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const total = new Map<string, number>();
  for (const [cause, count] of counts.flatMap((one) => Object.entries(one)))
    total.set(cause, (total.get(cause) ?? 0) + count);
  return Object.fromEntries([...total].sort(([, a], [, b]) => b - a));
}

function worst(verdicts: readonly Verdict[]): Validity {
  if (verdicts.some(({ valid }) => valid === false)) return false;
  return verdicts.every(({ valid }) => valid === true) ? true : "unknown";
}
