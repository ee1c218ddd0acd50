import type { Witness } from "../../checkers/verdict.ts";

/**
 * Whether a circle is write skew as Berenson et al. define it ("A Critique of ANSI SQL Isolation Levels", 1995, A5B):
 * two transactions, each of which missed what the other wrote, in different rows.
 */
export function isWriteSkew({ cycle, steps }: Witness): boolean {
  const [one, two] = steps;
  return (
    cycle.length === 2 &&
    steps.length === 2 &&
    steps.every(({ type }) => type === "rw") &&
    one?.key !== two?.key
  );
}
