import { isDecimal, isNearEpoch, isUuid, timeOfText, withoutPassing } from "./shapes.ts";
import type { Leaf } from "./tree.ts";

/** @param text as it is compared and shown, for what is neither text nor a number */
export function plainLeaf(text: string): Leaf {
  return { type: "leaf", kind: "plain", text, shown: text };
}

/** A text: of a time, a UUID, a decimal number, or just a text. */
export function textLeaf(text: string, nowMs: number): Leaf {
  const shown = shorten(`'${text}'`);
  if (isUuid(text)) return { type: "leaf", kind: "uuid", text: text.toLowerCase(), shown };
  const time = timeOfText(text, nowMs);
  if (time !== undefined) return { type: "leaf", kind: "time", text, shown, ...time };
  if (isDecimal(text)) return numberLeaf(text, false, nowMs);
  return { type: "leaf", kind: "plain", text: JSON.stringify(withoutPassing(text, nowMs)), shown };
}

/**
 * @param text in digits, or `NaN`, `Infinity`
 * @param isFloat whether its last digits may depend on the order in which numbers were added
 */
export function numberLeaf(text: string, isFloat: boolean, nowMs: number): Leaf {
  if (isNearEpoch(Number(text), nowMs))
    return { type: "leaf", kind: "time", text, shown: text, isNear: true, atMs: undefined };
  return { type: "leaf", kind: "number", text: plainDigits(text), shown: text, isFloat };
}

export function dateLeaf(date: Date, nowMs: number): Leaf {
  return Number.isNaN(date.getTime()) ? plainLeaf("Invalid Date") : textLeaf(date.toISOString(), nowMs);
}

function plainDigits(text: string): string {
  if (!isDecimal(text)) return text;
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

const longestShown = 80;

function shorten(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown - 1)}…` : text;
}
