import type { Lens } from "./lens.ts";
import { areOneSingle } from "../single-floats.ts";
import { timesIn } from "./shapes.ts";
import type { Leaf } from "./tree.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const monthMs = 31 * dayMs;

/** The time that passed between the earliest and the latest of the executions that are compared. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Whether two leaves may be the same: their texts are, or they are numbers that differ by the rounding of sums, or
 * times that the same function may have reckoned from now, a little earlier and a little later.
 */
export function sameLeaf(one: Leaf, other: Leaf, lens: Lens, span: Span): boolean {
  if (one.kind === "incomparable" || other.kind === "incomparable") return true;
  if (lens.textOf(one) === lens.textOf(other)) return true;
  if (one.kind === "time" && other.kind === "time") return sameTime(one, other, span);
  if (one.kind === "plain" && other.kind === "plain") return sameText(one.text, other.text, span);
  const [a, b] = [one, other].map(({ kind, text }) =>
    kind === "number" || kind === "time" ? Number(text) : NaN,
  );
  if (a === undefined || b === undefined || Number.isNaN(a) || Number.isNaN(b)) return false;
  if (one.kind !== other.kind) return isClose(a, b, 1e-5);
  const areFloats = one.kind === "number" && other.kind === "number" && (one.isFloat || other.isFloat);
  return areFloats && (isClose(a, b, 1e-9) || areOneSingle(a, b));
}

/** Of two leaves with different texts that {@link sameLeaf} takes for the same, one at least is loose. */
export function isLoose(leaf: Leaf): boolean {
  if (leaf.kind === "plain") return timesIn(leaf.text).timesMs.length > 0;
  if (leaf.kind === "time") return !leaf.isNear;
  return leaf.kind === "incomparable" || (leaf.kind === "number" && leaf.isFloat);
}

function isClose(a: number, b: number, tolerance: number): boolean {
  return a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

type Time = Extract<Leaf, { readonly kind: "time" }>;

function sameTime(one: Time, other: Time, span: Span): boolean {
  if (one.text === other.text) return true;
  const [a, b] = [one.atMs, other.atMs];
  if (a === undefined || b === undefined) return false;
  // One is just within two days of now, the other just outside.
  if (one.isNear !== other.isNear) return Math.abs(a - b) < hourMs;
  return sameInstant(a, b, span);
}

/** Texts that are the same but for times in them that may be. */
function sameText(one: string, other: string, span: Span): boolean {
  const [a, b] = [timesIn(one), timesIn(other)];
  return (
    a.around === b.around &&
    a.timesMs.every((time, i) => {
      const counterpart = b.timesMs[i];
      return time === undefined || counterpart === undefined || sameInstant(time, counterpart, span);
    })
  );
}

/** Whether two times far from now are one, reckoned from now a little earlier and a little later. */
function sameInstant(a: number, b: number, span: Span): boolean {
  const apartMs = Math.abs(a - b);
  if (apartMs === 0) return true;
  if (![a, b].every((time) => time % minuteMs === 0)) return false;
  const areOfDay = a < dayMs && b < dayMs;
  return (areOfDay ? Math.min(apartMs, dayMs - apartMs) : apartMs) <= turnOf(span, [a, b]);
}

/**
 * How far apart may be what was cut to minutes, hours, days or months, when one was reckoned before the turn of the
 * minute (hour, day) and the other after it. 0 when nothing turned meanwhile.
 */
function turnOf({ fromMs, toMs }: Span, times: readonly number[]): number {
  const turns = (unitMs: number): boolean => Math.floor(fromMs / unitMs) !== Math.floor(toMs / unitMs);
  const are = (unitMs: number): boolean => times.every((time) => time % unitMs === 0);
  const elapsed = (unitMs: number): number =>
    turns(unitMs) ? Math.ceil((toMs - fromMs) / unitMs) * unitMs : 0;
  // In some zones a day begins at a quarter of an hour.
  if (!are(hourMs / 4)) return elapsed(minuteMs);
  const [began, ended] = [fromMs, toMs].map((time) => new Date(time).toDateString());
  if (turns(dayMs) || began !== ended) return monthMs;
  return Math.max(elapsed(minuteMs), are(dayMs) ? 0 : elapsed(hourMs));
}
