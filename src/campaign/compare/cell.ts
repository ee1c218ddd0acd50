import { alwaysForbidden } from "../../checkers/check-graph.ts";
import { beProhibited, isBeModel } from "../../checkers/biswas-enea/be-models.ts";
import { prohibited } from "../../checkers/models/boundary.ts";
import type { Validity, Verdict } from "../../checkers/verdict.ts";
import type { DatabaseKind, IsolationLevel } from "../../history/header.ts";
import type { RunConfig } from "../../runner/run-config.ts";
import {
  compareWithExpected,
  expectedAt,
  type Comparison,
  type Expected,
} from "../../workload/expectation.ts";
import type { RunOutcome } from "../run-once.ts";
import { figuresOf, type AnomalyFigures } from "./anomaly-figures.ts";

/** What a matrix knows of a cell before it is run. */
export interface CellName {
  /** The cell's directory inside the compare's own; no other cell has it. */
  readonly name: string;
  /** The server's number in the request, from 1. */
  readonly server: number;
  /** The workload as it was named on the command line: a name, or the path of a file. */
  readonly source: string;
}

/** One cell of the matrix. The keys are stable: this is what `--json` prints; `cell.json` has all but `run`. */
export interface Cell extends CellName {
  readonly database: DatabaseKind;
  readonly version: string;
  readonly isolation: IsolationLevel;
  readonly workload: string;
  readonly variant: string;
  readonly valid: Validity;
  /** The consistency model the database was judged against. */
  readonly model: string;
  readonly anomalyTypes: readonly string[];
  readonly observed: readonly string[];
  /** How often and when, for each of `observed`. */
  readonly figures: Readonly<Record<string, AnomalyFigures>>;
  /** Seen, and forbidden by the model, by an invariant or by what the variant declares; sorted. */
  readonly forbidden: readonly string[];
  /** What the workload's variants are known for, is allowed here and was not seen; sorted. */
  readonly allowedUnseen: readonly string[];
  readonly counts: Verdict["counts"];
  /** How the cell stands against what the variant declares. */
  readonly declared: Comparison;
  /** Present when the cell proved nothing. */
  readonly because?: string;
  /** Its run directory. */
  readonly run: string;
}

/** A cell from its finished run. */
export function cellOf(
  name: CellName,
  config: RunConfig,
  { database, verdict, directory }: RunOutcome,
): Cell {
  const { isolation, workload, variantName, variant } = config;
  const expected = expectedAt(variant.expect, { database, isolation });
  const declared = compareWithExpected(expected, verdict.observed);
  return {
    name: name.name,
    server: name.server,
    source: name.source,
    database: database.kind,
    version: database.version,
    isolation,
    workload: workload.name,
    variant: variantName,
    valid: verdict.valid,
    model: verdict.model,
    anomalyTypes: verdict.anomalyTypes,
    observed: verdict.observed,
    figures: figuresOf(verdict),
    forbidden: [...new Set([...verdict.anomalyTypes, ...declared.forbidden])].sort(),
    allowedUnseen: allowedUnseen(config, verdict, expected),
    counts: verdict.counts,
    declared,
    ...(verdict.because === undefined ? {} : { because: verdict.because }),
    run: directory,
  };
}

/** A cell is as declared when all that must show did, nothing showed that never should, and it proved something. */
export function asDeclared(cell: Pick<Cell, "valid" | "declared">): boolean {
  return (
    cell.valid !== "unknown" && cell.declared.unseen.length === 0 && cell.declared.forbidden.length === 0
  );
}

/**
 * Of what the workload's variants declare: a model permits dozens of names more, most of which the workload's
 * transactions cannot form. A broken invariant is no phenomenon that a level allows; it may be declared to show.
 */
function allowedUnseen(
  { workload }: RunConfig,
  { model, observed }: Verdict,
  expected: Expected,
): readonly string[] {
  const rules = Object.values(workload.variants).flatMap(({ expect }) => expect);
  const known = new Set(rules.flatMap(({ must = [], never = [] }) => [...must, ...never]));
  const forbidden = isBeModel(model) ? beProhibited(model) : prohibited(model);
  const isAllowed = (name: string): boolean =>
    expected.must.includes(name) ||
    (prohibited(strongestModel).has(name) &&
      !forbidden.has(name) &&
      !alwaysForbidden.has(name) &&
      !expected.never.includes(name));
  return [...known].filter((name) => isAllowed(name) && !observed.includes(name)).sort();
}

/** Every anomaly of transactions breaks it; a workload's own invariants are none of its business. */
const strongestModel = "strict-serializable";
