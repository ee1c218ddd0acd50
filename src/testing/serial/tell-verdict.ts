import type { Difference } from "./differences.ts";

/** What is told when no serial order fits. */
export interface NotSerializable {
  /** Every order, and how the outcome differs from it. */
  readonly compared: readonly Compared[];
  readonly nearest: Compared;
  /** Sessions that threw and left nothing. */
  readonly leftOut: readonly number[];
  /** Sentences about tables that were not read, without a full stop. */
  readonly notes: readonly string[];
  readonly nameOf: (session: number) => string;
}

interface Compared {
  readonly order: readonly number[];
  readonly differences: readonly Difference[];
}

const mostDifferences = 6;

/** Which order comes closest, and in what it differs: a line for each difference. */
export function tellNotSerializable(told: NotSerializable): string {
  const { compared, nearest, leftOut, notes, nameOf } = told;
  const shown = nearest.differences.slice(0, mostDifferences);
  const more = nearest.differences.length - shown.length;
  return [
    "No serial order of the functions leads to this outcome.",
    ...(leftOut.length === 0
      ? []
      : [`  Left out, since it threw and nothing of it was permanent: ${leftOut.map(nameOf).join(", ")}.`]),
    ...(compared.length > 1
      ? [`  Closest is ${inOrder(nearest.order, nameOf)}, from which it differs in:`]
      : ["  It differs in:"]),
    ...shown.map((difference) => `    ${inWords(difference, told)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...notes.map((note) => `  ${note}.`),
  ].join("\n");
}

/** `session 0, then session 1`. */
export function inOrder(order: readonly number[], nameOf: (session: number) => string): string {
  return order.length === 0 ? "no session at all" : order.map(nameOf).join(", then ");
}

/** What it is here, and what it is after the closest order, or after all of them, where they agree. */
function inWords({ where, here, there }: Difference, { compared }: NotSerializable): string {
  const others = compared.map(({ differences }) => differences.find((other) => other.where === where)?.there);
  const after = others.every((other) => other === there) ? "every serial order" : "that order";
  return `${where}: ${here} here; ${there} after ${compared.length === 1 ? "that order" : after}`;
}
