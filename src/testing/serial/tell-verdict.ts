import { groupBy } from "./group-by.ts";
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

const mostOrders = 6;
const mostDifferences = 6;

/** Which orders were tried, which comes closest, and in what it differs: a line for each. */
export function tellNotSerializable(told: NotSerializable): string {
  const { compared, nearest, leftOut, notes, nameOf } = told;
  const shown = nearest.differences.slice(0, mostDifferences);
  const more = nearest.differences.length - shown.length;
  return [
    "No serial order of the functions leads to this outcome.",
    `  Tried: ${compared.length <= mostOrders ? listed(compared, nameOf) : `all ${compared.length} orders`}.`,
    ...(leftOut.length === 0
      ? []
      : [`  Left out, since it threw and nothing of it was permanent: ${leftOut.map(nameOf).join(", ")}.`]),
    ...(compared.length > 1
      ? [`  Closest is ${inOrder(nearest.order, nameOf)}. The difference:`]
      : ["  The difference:"]),
    ...shown.map((difference) => `    ${inWords(difference, told)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...notes.map((note) => `  ${note}.`),
  ].join("\n");
}

/** `session 0, then session 1`. */
export function inOrder(order: readonly number[], nameOf: (session: number) => string): string {
  return order.length === 0 ? "no session at all" : order.map(nameOf).join(", then ");
}

function listed(compared: readonly Compared[], nameOf: NotSerializable["nameOf"]): string {
  return compared.map(({ order }) => inOrder(order, nameOf)).join("; ");
}

/** What it is here, and what it is after the orders: all of them, where they agree. */
function inWords({ where, here, there }: Difference, { compared, nearest, nameOf }: NotSerializable): string {
  const told = compared.map(({ order, differences }) => ({
    order,
    there: differences.find((other) => other.where === where)?.there,
  }));
  const known = told.filter((each) => each.there !== undefined);
  const groups = groupBy(known, (each) => each.there);
  if (compared.length === 1)
    return `${where}: ${here} here; ${there} after ${inOrder(nearest.order, nameOf)}`;
  if (known.length === told.length && groups.size === 1)
    return `${where}: ${here} here; ${there} after every serial order`;
  if (known.length === told.length && told.length <= mostOrders)
    return `${where}: ${here} here; ${[...groups]
      .map(
        ([value, orders]) =>
          `${value} after ${orders.map(({ order }) => inOrder(order, nameOf)).join(" or ")}`,
      )
      .join("; ")}`;
  return `${where}: ${here} here; ${there} after ${inOrder(nearest.order, nameOf)}`;
}
