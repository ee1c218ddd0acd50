import type { Plan } from "../../src/generators/plan.ts";

/** A plan with so many operations for each session; ids go round the sessions, as when a plan is drawn. */
export function planOfSizes(sizes: readonly number[]): Plan {
  const sessions: Plan["sessions"][number][number][][] = sizes.map(() => []);
  let id = 0;
  for (let round = 0; round < Math.max(0, ...sizes); round++)
    for (const [session, size] of sizes.entries())
      if (round < size) sessions[session]?.push({ id: id++, session, f: "txn", args: {} });
  return { seed: "1", exhausted: false, sessions };
}
