import { figureOf, type Figure } from "./figures.ts";

/** How far a variant may be trusted, and why not further. */
export type Standing =
  | { readonly kind: "clean" }
  /** Wrong: the anomalies, and whether they showed in these runs, in others of the comparison, or are only declared. */
  | {
      readonly kind: "wrong";
      readonly anomalies: readonly string[];
      readonly seen: "here" | "elsewhere" | "declared";
    }
  /** It leaves more than {@link tolerableLoss} of the work undone. */
  | { readonly kind: "loses"; readonly share: number }
  | { readonly kind: "unknown"; readonly because: string };

/** A variant among those that are compared. */
export interface Contender {
  readonly name: string;
  readonly standing: Standing;
  /** Committed operations per second, round by round; all contenders took turns in the same rounds. */
  readonly throughput: readonly number[];
}

/** What the figures say. The keys are stable. */
export type Recommendation =
  /** `ratio` is to the next one's throughput. */
  | { readonly kind: "fastest"; readonly variant: string; readonly ratio: Figure; readonly next: string }
  | { readonly kind: "only"; readonly variant: string }
  /** The fastest and those that cannot be told from it; `ratio` is to the first of those. */
  | { readonly kind: "equal"; readonly variants: readonly string[]; readonly ratio: Figure }
  | { readonly kind: "none"; readonly because: string }
  | { readonly kind: "unknown"; readonly because: string };

/** Operations that are given up, of all: who leaves more undone than that has not done the others' work. */
export const tolerableLoss = 0.05;

/**
 * Among the clean variants the one with the highest median throughput. Two are compared by the ratio of their
 * throughputs in each round, since a noisy machine hits the neighbours of a round alike; they are equal unless
 * every ratio is above 1 and the median one above the highest by the lowest, which is their spread.
 */
export function recommend(contenders: readonly Contender[]): Recommendation {
  const clean = cleanByThroughput(contenders);
  const [fastest, ...others] = clean;
  if (fastest === undefined) return nobody(contenders);
  const [next] = others;
  if (next === undefined) return { kind: "only", variant: fastest.name };
  const rounds = Math.min(...clean.map(({ throughput }) => throughput.length));
  const ratio = ratioOf(fastest, next);
  if (rounds < 2 || ratio === null)
    return { kind: "unknown", because: "one round shows no spread: ask for more with --rounds" };
  const equals = others.filter((other) => !isFaster(fastest, other));
  const [equal] = equals;
  if (equal === undefined) return { kind: "fastest", variant: fastest.name, ratio, next: next.name };
  return {
    kind: "equal",
    variants: [fastest, ...equals].map(({ name }) => name),
    ratio: ratioOf(fastest, equal) ?? ratio,
  };
}

/** The clean ones, the one with the highest median throughput first: what the others are measured by. */
export function cleanByThroughput(contenders: readonly Contender[]): readonly Contender[] {
  return contenders
    .filter(({ standing }) => standing.kind === "clean")
    .toSorted((a, b) => medianOf(b) - medianOf(a));
}

/** One's throughput by the other's, over the rounds that both took part in; null when there is none. */
export function ratioOf(one: Contender, other: Contender): Figure | null {
  const ratios = one.throughput.flatMap((value, round) => {
    const divisor = other.throughput[round];
    return divisor === undefined || divisor === 0 ? [] : [value / divisor];
  });
  return figureOf(ratios);
}

function isFaster(one: Contender, other: Contender): boolean {
  const ratio = ratioOf(one, other);
  return ratio !== null && ratio.min > 1 && ratio.median > ratio.max / ratio.min;
}

function medianOf({ throughput }: Contender): number {
  return figureOf(throughput)?.median ?? 0;
}

function nobody(contenders: readonly Contender[]): Recommendation {
  const kinds = new Set(contenders.map(({ standing }) => standing.kind));
  if (kinds.has("unknown"))
    return { kind: "unknown", because: "no variant is proven clean, and some proved nothing" };
  if (kinds.has("loses")) return { kind: "none", because: "every variant is wrong, or leaves work undone" };
  return { kind: "none", because: "every variant is wrong" };
}
