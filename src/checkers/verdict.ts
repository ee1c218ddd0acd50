import type { Operation } from "../history/operation.ts";
import type { Availability } from "./availability/availability.ts";
import type { Cases } from "./cases.ts";
import type { UnknownOutcomes } from "./unknown-outcomes.ts";

/** `true` nothing forbidden was found, `false` something was, `"unknown"` the history proves too little. */
export type Validity = true | false | "unknown";

/** How one transaction of a cycle depends on the one before it. */
export type StepType = "ww" | "wr" | "rw" | "rwp" | "process" | "realtime";

/** One edge of a witness, from `cycle[i]` to `cycle[i + 1]` (the last one leads back to the first). */
export interface Step {
  readonly type: StepType;
  /** The object both touched; absent on process and realtime steps. */
  readonly key?: unknown;
  /** The element or value the edge hangs on; absent on process and realtime steps. */
  readonly value?: unknown;
  /** A sentence for a person: why the first came before the second. */
  readonly explanation: string;
}

/** One proven case of an anomaly. */
export interface Witness {
  /** The operations that prove it (completions); for a cycle, in its order. */
  readonly cycle: readonly Operation[];
  /** One per edge of a cycle; empty for an anomaly that is no cycle. */
  readonly steps: readonly Step[];
  /** The whole case in one or two sentences. */
  readonly explanation: string;
}

/** Completions by outcome; an invocation without a completion counts as info. */
export interface Counts {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly byF: Readonly<
    Record<string, { readonly ok: number; readonly fail: number; readonly info: number }>
  >;
}

/** What a history proves. The keys are stable: this is what `--json` prints. */
export interface Verdict {
  readonly valid: Validity;
  /** The consistency model the database was judged against. */
  readonly model: string;
  /** What the model forbids and broken invariants, of what was found; sorted. */
  readonly anomalyTypes: readonly string[];
  /** Everything found; sorted. */
  readonly observed: readonly string[];
  /** The weakest models ruled out; empty when valid. */
  readonly not: readonly string[];
  /** Models that are ruled out because they imply one of `not`; empty when valid. */
  readonly alsoNot: readonly string[];
  /** At most {@link witnessesPerType} per anomaly, shortest first. */
  readonly anomalies: Readonly<Record<string, readonly Witness[]>>;
  /** How many cases of each of `observed` there were; absent where nothing was observed, and in older files. */
  readonly cases?: Readonly<Record<string, Cases>>;
  /** Worth telling, but no error: a gap in version numbers, say. */
  readonly notes: readonly string[];
  readonly counts: Counts;
  /** What the operations of unknown outcome turned out to be; present only where there is one. */
  readonly outcomes?: UnknownOutcomes;
  /** How the server answered over time; present only where a free-running execution was asked about it. */
  readonly availability?: Availability;
  /** One sentence; present only when `valid` is `"unknown"`. */
  readonly because?: string;
  /** A sentence for each checker that crashed; present only when one did. */
  readonly crashed?: readonly string[];
}

/** A bound: how many witnesses of one anomaly type a verdict carries. */
export const witnessesPerType = 3;
