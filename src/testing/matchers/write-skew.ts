import type { Witness } from "../../checkers/verdict.ts";

/**
 * The witnesses that are write skew as Berenson et al. define it ("A Critique of ANSI SQL Isolation Levels",
 * 1995, A5B): two transactions, each of which missed what the other wrote, on different objects.
 */
export function writeSkews(anomalies: Readonly<Record<string, readonly Witness[]>>): readonly Witness[] {
  return ["G2-item", "G2"].flatMap((type) => (anomalies[type] ?? []).filter(isWriteSkew));
}

function isWriteSkew({ cycle, steps }: Witness): boolean {
  const [one, two, ...more] = steps;
  if (cycle.length !== 2 || one === undefined || two === undefined || more.length > 0) return false;
  // Of rows that a search missed, each is another one, though what was searched had one name.
  if (steps.every(({ type }) => type === "rw")) return JSON.stringify(one.key) !== JSON.stringify(two.key);
  return steps.every(({ type }) => type === "rw" || type === "rwp");
}
