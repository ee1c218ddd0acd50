import { type IsolationLevel, isolationLevels } from "../../history/header.ts";
import type { Cell } from "./cell.ts";

/** What the levels that were run say of one variant on one server. The keys are what `--json` prints. */
export interface SafeLevel {
  readonly server: number;
  readonly database: string;
  readonly version: string;
  readonly workload: string;
  readonly variant: string;
  /** The lowest level at which nothing forbidden was found, there and at every stronger one; null when there is none. */
  readonly safeFrom: IsolationLevel | null;
  /** Weakest first: where something forbidden was found, where nothing was, and where nothing was proven. */
  readonly broken: readonly IsolationLevel[];
  readonly clean: readonly IsolationLevel[];
  /** Those of the clean levels at which something was seen that is allowed there. */
  readonly allowed: readonly IsolationLevel[];
  readonly unproven: readonly IsolationLevel[];
}

/**
 * The lowest safe level of each variant on each server, in the order of the cells. A level that proved nothing is
 * not safe, nor is any below it.
 */
export function safeLevels(cells: readonly Cell[]): readonly SafeLevel[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const { server, database, version, workload, variant } = cell;
    const name = JSON.stringify([server, database, version, workload, variant]);
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return [...groups.values()].flatMap(safeLevel);
}

function safeLevel(group: readonly Cell[]): readonly SafeLevel[] {
  const cells = group.toSorted((a, b) => strength(a) - strength(b));
  const [first] = cells;
  if (first === undefined) return [];
  const { server, database, version, workload, variant } = first;
  const at = (standing: Standing): readonly IsolationLevel[] =>
    cells.filter((cell) => standingOf(cell) === standing).map(({ isolation }) => isolation);
  const lastDoubt = cells.findLastIndex((cell) => standingOf(cell) !== "clean");
  return [
    {
      ...{ server, database, version, workload, variant },
      safeFrom: cells[lastDoubt + 1]?.isolation ?? null,
      broken: at("broken"),
      clean: at("clean"),
      allowed: cells
        .filter((cell) => standingOf(cell) === "clean" && cell.observed.length > 0)
        .map(({ isolation }) => isolation),
      unproven: at("unproven"),
    },
  ];
}

type Standing = "broken" | "clean" | "unproven";

function standingOf({ forbidden, valid }: Cell): Standing {
  if (forbidden.length > 0 || valid === false) return "broken";
  return valid === true ? "clean" : "unproven";
}

function strength({ isolation }: Cell): number {
  return isolationLevels.indexOf(isolation);
}
