import { fileURLToPath } from "node:url";

import type { Verdict } from "../../checkers/verdict.ts";
import { HistoryError } from "../../history/history-error.ts";
import type { History } from "../../history/history.ts";
import { loadHistorySync } from "../../history/load-history.ts";

/**
 * What can be asked about: a history in memory, the path or `file:` URL of a saved one, or a verdict; and
 * whatever holds one of these as `history` or `verdict`, as what `loadHistory` answers does.
 */
export type Subject =
  History | Verdict | string | URL | { readonly history: History } | { readonly verdict: Verdict };

/** A subject as it was understood; `refusal` is a sentence for the person who passed something else. */
export type Understood =
  | { readonly kind: "history"; readonly history: History }
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  | { readonly kind: "refused"; readonly refusal: string };

/** Tells what a value is, and reads the file that it names. Blocks while it reads. */
export function understand(value: unknown): Understood {
  if (typeof value === "string") return fromFile(value);
  if (value instanceof URL)
    return value.protocol === "file:"
      ? fromFile(fileURLToPath(value))
      : refused(`a history is read from a file, and ${value.href} is none`);
  if (isHistory(value)) return { kind: "history", history: value };
  if (isVerdict(value)) return { kind: "verdict", verdict: value };
  if (isObject(value) && isHistory(value.history)) return { kind: "history", history: value.history };
  if (isObject(value) && isVerdict(value.verdict)) return { kind: "verdict", verdict: value.verdict };
  return refused(
    `a history, the path or URL of a saved one, or a verdict is asked about, not ${described(value)}`,
  );
}

function fromFile(path: string): Understood {
  try {
    return { kind: "history", history: loadHistorySync(path).history };
  } catch (error) {
    if (error instanceof HistoryError) return refused(error.message);
    throw error;
  }
}

function refused(refusal: string): Understood {
  return { kind: "refused", refusal };
}

function isHistory(value: unknown): value is History {
  return isObject(value) && value.mopStart instanceof Uint32Array && "beginning" in value;
}

function isVerdict(value: unknown): value is Verdict {
  return (
    isObject(value) &&
    "valid" in value &&
    typeof value.model === "string" &&
    Array.isArray(value.observed) &&
    Array.isArray(value.anomalyTypes)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function described(value: unknown): string {
  if (value instanceof Promise) return "a promise; await it first";
  if (Array.isArray(value)) return "an array";
  return value === null ? "null" : typeof value === "object" ? "another object" : typeof value;
}
