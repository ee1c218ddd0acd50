import type { AnomalyDescription } from "../models/descriptions/description.ts";
import type { Example } from "../models/descriptions/examples/example.ts";
import type { Prevention, ServerLevel } from "../models/descriptions/server-levels.ts";

/** What a name stands for, as data: the keys are what `isolab explain --json` prints. */
export type Explanation = ModelExplanation | AnomalyExplanation;

interface Common {
  /** As we print it: the friendly name of a model. */
  readonly name: string;
  /** Other names that are understood. */
  readonly alsoCalled: readonly string[];
  readonly summary: string;
  readonly meaning: string;
  readonly sources: readonly string[];
}

/** What a consistency model promises. Models are named by their friendly names. */
export interface ModelExplanation extends Common {
  readonly kind: "model";
  /** Models it directly implies: every history it allows, they allow. */
  readonly implies: readonly string[];
  /** Weaker still: implied by those. */
  readonly impliesInTurn: readonly string[];
  /** Models that directly imply it. */
  readonly impliedBy: readonly string[];
  /** Anomalies that break it, and that no model it implies forbids. */
  readonly adds: readonly string[];
  /** All anomalies that break it. */
  readonly forbids: readonly string[];
  /** What servers' levels keep of it; absent where levels do not speak of it. */
  readonly levels?: readonly (ServerLevel & { readonly promises: boolean })[];
}

/** What an anomaly is. */
export interface AnomalyExplanation extends Common, Pick<AnomalyDescription, "remedy"> {
  readonly kind: "anomaly";
  /** The weakest models it rules out, by friendly name. */
  readonly rulesOut: readonly string[];
  /** The stronger ones that it therefore rules out too. */
  readonly alsoRulesOut: readonly string[];
  /** Anomalies it directly is a case of. */
  readonly implies: readonly string[];
  /** Anomalies that are cases of it. */
  readonly impliedBy: readonly string[];
  readonly example?: ExplainedExample;
  /** Which levels of servers prevent it; absent where no promise is known. */
  readonly levels?: readonly (ServerLevel & { readonly prevention: Prevention })[];
}

/** An example, and what isolab says of it. */
export interface ExplainedExample extends Example {
  readonly explanations: readonly { readonly anomaly: string; readonly sentences: readonly string[] }[];
}
