import type { AnomalyDescription } from "../description.ts";
import type { Example } from "../examples/example.ts";

/** A broken invariant of an application: what it is, what helps, and an example. */
export interface Invariant extends Pick<AnomalyDescription, "meaning" | "remedy"> {
  readonly example: Example;
  /** What it says of the database's own promises; nothing by default. */
  readonly promise?: string;
}

/** By the anomaly that a domain checker calls it. */
export type Invariants = Readonly<Record<string, Invariant>>;
