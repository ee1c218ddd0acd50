import type { EdgeList } from "../graph/edge-list.ts";
import type { ObjectKind } from "../object-kinds.ts";
import type { Findings } from "./finding.ts";
import type { KeyAssumptions } from "./register/key-assumptions.ts";
import type { Transactions } from "./transactions.ts";

/** What an inference is given: the transactions, and where to put what it proves of them. */
export interface InferenceInput {
  readonly transactions: Transactions;
  readonly edges: EdgeList;
  readonly findings: Findings;
  /** What the user vouches for; only registers make use of it. */
  readonly assumptions?: KeyAssumptions;
}

/** What an inference answers beside its edges and findings. */
export interface Inferred {
  /**
   * Why the history cannot be judged by this inference (elements that repeat, say), one sentence each.
   * With any, nothing was inferred that depends on it, and a clean verdict becomes unknown.
   */
  readonly problems: readonly string[];
  /** Sentences that do not change the verdict: what was taken for granted, say. */
  readonly notes?: readonly string[];
  /**
   * The element whose version an element of a key came right after, or -1. For explanations; may be
   * linear in the key's elements.
   */
  readonly before: (key: number, element: number) => number;
  /** With no edge at all: whether some transaction replaced what it had found (see `replacedOwnRead`). */
  readonly replacedOwnRead?: boolean;
}

/** Finds the dependencies of one kind of object: lists, sets, registers. */
export interface Inference {
  readonly name: string;
  readonly summary: string;
  /**
   * Whether the history holds objects of the kind. Cheap.
   * @param kinds codes of the micro-operations that occur
   * @param objects what the keys hold; of several inferences that read by `r`, each is shown its own keys
   */
  readonly applies: (kinds: ReadonlySet<number>, objects: ReadonlySet<ObjectKind>) => boolean;
  /** Codes of the micro-operations that may occur when the user asks for this inference by name. */
  readonly kinds: readonly number[];
  readonly infer: (input: InferenceInput) => Inferred;
}
