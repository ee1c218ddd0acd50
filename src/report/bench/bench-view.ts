/** A figure over the rounds of a comparison. */
export interface FigureView {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** In milliseconds. */
export type PercentilesView = Readonly<Record<"p50" | "p95" | "p99", FigureView | null>> | null;

export type StandingView =
  | { readonly kind: "clean" }
  | {
      readonly kind: "wrong";
      readonly anomalies: readonly string[];
      readonly seen: "here" | "elsewhere" | "declared";
    }
  | { readonly kind: "loses"; readonly share: number }
  | { readonly kind: "unknown"; readonly because: string };

/** What is told of a variant at a level and a contention. */
export interface BenchCellView {
  readonly database: string;
  readonly version: string;
  readonly isolation: string;
  readonly contention: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly variant: string;
  readonly standing: StandingView;
  readonly ratio: FigureView | null;
  readonly observed: readonly string[];
  readonly throughput: FigureView | null;
  readonly latencyMs: PercentilesView;
  readonly attemptMs: PercentilesView;
  readonly aborts: Readonly<Record<string, number>>;
  readonly committed: number;
  readonly retries: number;
  readonly lost: number;
  readonly lockWaits: FigureView | null;
  readonly lockWaitsUnknown?: string;
  readonly rounds: readonly { readonly run: string }[];
}

/** What is recommended for a contention, at one level or (null) among all. */
export type BenchAdviceView = {
  readonly database: string;
  readonly version: string;
  readonly isolation: string | null;
  readonly contention: string;
} & (
  | { readonly kind: "fastest"; readonly variant: string; readonly ratio: FigureView; readonly next: string }
  | { readonly kind: "only"; readonly variant: string }
  | { readonly kind: "equal"; readonly variants: readonly string[]; readonly ratio: FigureView }
  | { readonly kind: "none" | "unknown"; readonly because: string }
);

/** A whole comparison. */
export interface BenchView {
  readonly workload: string;
  readonly seed: string;
  /** What was measured and how, a sentence each. */
  readonly method: readonly string[];
  readonly cells: readonly BenchCellView[];
  readonly advice: readonly BenchAdviceView[];
}

/** The cells of one server and level. */
export interface BenchPlace {
  readonly title: string;
  readonly cells: readonly BenchCellView[];
}

/** Server by server and level by level, in the order of the cells. */
export function placesOf(cells: readonly BenchCellView[]): readonly BenchPlace[] {
  return grouped(cells, ({ database, version, isolation }) => `${database} ${version} at ${isolation}`);
}

/** The cells of a place by contention, each with what the contention is. */
export function contentionsOf(cells: readonly BenchCellView[]): readonly BenchPlace[] {
  const differing = differingParameters(cells);
  return grouped(cells, ({ contention, parameters }) => {
    const values = differing.map((name) => `${name}=${parameters[name] ?? ""}`).join(", ");
    const name = contention === "default" ? "default parameters" : `${contention} contention`;
    return values === "" ? name : `${name} (${values})`;
  });
}

/** A recommendation as a sentence. */
export function adviceText(advice: BenchAdviceView): string {
  switch (advice.kind) {
    case "fastest":
      return `${advice.variant}: ${times(advice.ratio)} as fast as ${advice.next}, the next clean one`;
    case "only":
      return `${advice.variant}: the only clean one`;
    case "equal":
      return `${listed(advice.variants)} are equal: ${times(advice.ratio)} is within the spread`;
    case "none":
      return `nothing to recommend: ${advice.because}`;
    case "unknown":
      return `unknown: ${advice.because}`;
  }
}

/** Where a recommendation holds. */
export function adviceWhere({ database, version, isolation, contention }: BenchAdviceView): string {
  const level = isolation ?? "any level";
  return `${database} ${version}, ${level}, ${contention === "default" ? "default parameters" : `${contention} contention`}`;
}

/** What to say of a variant's correctness. */
export function standingText(standing: StandingView): string {
  switch (standing.kind) {
    case "clean":
      return "clean";
    case "wrong": {
      const where = { here: "", elsewhere: " at another contention", declared: " declared to show" };
      return `${standing.anomalies.join(", ")}${where[standing.seen]}`;
    }
    case "loses":
      return `gives up ${Math.ceil(standing.share * 100)} % of its operations`;
    case "unknown":
      return `unknown: ${standing.because}`;
  }
}

/** What figures are not there, and why: a sentence each. */
export function reservations(cells: readonly BenchCellView[]): readonly string[] {
  const reasons = new Set(cells.flatMap(({ lockWaitsUnknown }) => lockWaitsUnknown ?? []));
  return [...reasons].map((because) => `waiting -: ${because}.`);
}

/** Three digits that matter. */
export function short(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

function times({ median, min, max }: FigureView): string {
  return `${median.toFixed(2)} times (${min.toFixed(2)}…${max.toFixed(2)})`;
}

function grouped(
  cells: readonly BenchCellView[],
  title: (cell: BenchCellView) => string,
): readonly BenchPlace[] {
  const groups = new Map<string, BenchCellView[]>();
  for (const cell of cells) groups.set(title(cell), [...(groups.get(title(cell)) ?? []), cell]);
  return [...groups].map(([name, group]) => ({ title: name, cells: group }));
}

function differingParameters(cells: readonly BenchCellView[]): readonly string[] {
  const [first] = cells;
  return Object.keys(first?.parameters ?? {}).filter((name) =>
    cells.some(({ parameters }) => parameters[name] !== first?.parameters[name]),
  );
}
