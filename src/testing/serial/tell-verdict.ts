import type { Difference } from "./differences.ts";

/** What is told when no serial order fits. */
export interface NotSerializable {
  /** Every order, and how the outcome differs from it. */
  readonly compared: readonly Compared[];
  readonly nearest: Compared;
  /** Sessions that threw, or gave up, and left nothing. */
  readonly leftOut: readonly number[];
  readonly howEnded: (session: number) => "threw" | "gave up";
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
  const { compared, nearest, leftOut, howEnded, notes, nameOf } = told;
  const shown = nearest.differences.slice(0, mostDifferences);
  const more = nearest.differences.length - shown.length;
  return [
    "No serial order of the functions leads to this outcome.",
    ...(["threw", "gave up"] as const).flatMap((how) => {
      const those = leftOut.filter((session) => howEnded(session) === how);
      return those.length === 0
        ? []
        : [`  Left out, since it ${how} and nothing of it was permanent: ${those.map(nameOf).join(", ")}.`];
    }),
    ...(compared.length > 1
      ? [`  Closest is ${inOrder(nearest.order, nameOf)}, from which it differs in:`]
      : ["  It differs in:"]),
    ...shown.map((difference) => `    ${inWords(difference, told)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...answersAlone(nearest.differences),
    ...notes.map((note) => `  ${note}.`),
  ].join("\n");
}

/** What may be meant by answers, where nothing else differs. That `true` says that nothing was done is not likely. */
function answersAlone(found: readonly Difference[]): readonly string[] {
  const paths = found.map(({ where }) => /^(result[^ ]*) of (?!the row )/.exec(where)?.[1]);
  const [path] = paths;
  if (path === undefined || paths.includes(undefined) || found.every(({ here }) => here === "true"))
    return [];
  return [
    `  Only answers differ. Where such an answer means that nothing was done, say so: \`gaveUp\`. Where it tells of tries or the like, it need not be compared: ignore: ["${path}"].`,
  ];
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
