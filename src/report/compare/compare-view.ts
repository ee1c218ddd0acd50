import type { Validity } from "../../checkers/verdict.ts";
import type { Comparison } from "../../workload/expectation.ts";

/** How often an anomaly was proven in a run; see {@link figuresLegend}. */
export interface FiguresView {
  readonly cases: number;
  readonly more: boolean;
  readonly operations: number;
  readonly first: number | null;
}

/** What is told of one cell of a matrix. */
export interface CellView {
  /** The server's number in the request, from 1. */
  readonly server: number;
  readonly database: string;
  readonly version: string;
  readonly isolation: string;
  readonly workload: string;
  readonly variant: string;
  readonly valid: Validity;
  readonly model: string;
  readonly observed: readonly string[];
  readonly figures: Readonly<Record<string, FiguresView>>;
  readonly forbidden: readonly string[];
  readonly allowedUnseen: readonly string[];
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  readonly declared: Comparison;
  readonly because?: string;
  readonly run: string;
  /** There is a page in that directory. */
  readonly hasPage?: boolean;
}

/** What the levels say of one variant on one server. */
export interface SafeLevelView {
  readonly server: number;
  readonly database: string;
  readonly version: string;
  readonly workload: string;
  readonly variant: string;
  readonly safeFrom: string | null;
  readonly broken: readonly string[];
  readonly clean: readonly string[];
  readonly allowed: readonly string[];
  readonly unproven: readonly string[];
}

/** A whole matrix, or the part of it that there is. */
export interface CompareView {
  readonly seed: string;
  readonly shard: { readonly index: number; readonly of: number } | null;
  readonly cells: readonly CellView[];
  /** How many cells are not finished. */
  readonly missing: number;
  readonly safe: readonly SafeLevelView[];
}

/** What a cell comes to. `allowed`: anomalies were seen, none of them forbidden. */
export type Standing = "clean" | "allowed" | "wrong" | "unknown";

/** What a cell comes to; what was found stays found, whatever else was not proven. */
export function standingOf({ forbidden, valid, observed }: CellView): Standing {
  if (forbidden.length > 0 || valid === false) return "wrong";
  if (valid === "unknown") return "unknown";
  return observed.length > 0 ? "allowed" : "clean";
}

/** A mark for each standing: colour alone is not enough. */
export const standingMarks: Readonly<Record<Standing, string>> = {
  clean: "✓",
  allowed: "~",
  wrong: "✗",
  unknown: "?",
};

type Place = Pick<CellView, "server" | "database" | "version">;

/** What each server is called: by kind and version, and by its number where another one has the same. */
export function serverNames(cells: readonly Place[]): (place: Place) => string {
  const numbers = new Map<string, Set<number>>();
  for (const { server, database, version } of cells) {
    const name = `${database} ${version}`;
    numbers.set(name, (numbers.get(name) ?? new Set()).add(server));
  }
  return ({ server, database, version }) => {
    const name = `${database} ${version}`;
    return (numbers.get(name)?.size ?? 0) > 1 ? `${name} #${server}` : name;
  };
}

/** The cells by name, in the order in which the names first come. */
export function grouped(
  cells: readonly CellView[],
  nameOf: (cell: CellView) => string,
): ReadonlyMap<string, readonly CellView[]> {
  const groups = new Map<string, CellView[]>();
  for (const cell of cells) groups.set(nameOf(cell), [...(groups.get(nameOf(cell)) ?? []), cell]);
  return groups;
}

/** `3+ cases in 6 operations, first 12`; empty where nothing is known. */
export function figuresText(figures: FiguresView | undefined): string {
  if (figures === undefined || figures.cases === 0) return "";
  const { cases, more, operations, first } = figures;
  const count = `${cases}${more ? "+" : ""} ${cases === 1 && !more ? "case" : "cases"}`;
  if (first === null) return count;
  return `${count} in ${operations} ${operations === 1 ? "operation" : "operations"}, first ${first}`;
}

/** The same in short, for narrow columns: `3+ in 6, first 12`. */
export function shortFigures(figures: FiguresView | undefined): string {
  return figuresText(figures)
    .replace(/ cases?\b/, "")
    .replace(/ operations?\b/, "")
    .replace("first ", "first\u00a0");
}

/** What the figures are, in sentences. */
export const figuresLegend =
  "Cases: what was proven, each once; for cycles, groups of transactions that depend on each other in a circle of that kind. 3+ is three or more. Operations: distinct operations that the cases name. First: the index in history.jsonl of the earliest completion among them.";

/** What is to be said of what a variant declares; empty when all is as declared. */
export function complaintsOf({ declared: { unseen, forbidden }, valid }: CellView): readonly string[] {
  return [
    ...forbidden.map((name) => `${name} must never show`),
    ...unseen.map((name) => `${name} should have shown`),
    ...(valid === "unknown" ? ["proved nothing"] : []),
  ];
}

/** What is said of the lowest safe level, in a sentence without its subject. */
export function safeText({ safeFrom, broken, allowed, unproven }: SafeLevelView): string {
  const rest = [
    ...(broken.length === 0 ? [] : [`broken at ${broken.join(", ")}`]),
    ...(allowed.length === 0 ? [] : [`what is allowed shows at ${allowed.join(", ")}`]),
    ...(unproven.length === 0 ? [] : [`proved nothing at ${unproven.join(", ")}`]),
  ].join("; ");
  if (safeFrom === null) return `no level is safe: ${rest}`;
  return `safe from ${safeFrom}${rest === "" ? "" : ` (${rest})`}`;
}

/** What `safe` claims, in a sentence. */
export const safeLegend =
  "Safe from a level: nothing forbidden was found there and at every stronger level that was run. What was not found may still be there; what was found is proven.";
