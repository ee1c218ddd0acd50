import type { Plan, PlanEntry } from "../generators/plan.ts";

/** How many operations a plan has. */
export function sizeOf(plan: Plan): number {
  return plan.sessions.reduce((sum, entries) => sum + entries.length, 0);
}

/** The ids of a plan's operations, ascending. */
export function idsOf(plan: Plan): readonly number[] {
  return plan.sessions.flatMap((entries) => entries.map(({ id }) => id)).sort((a, b) => a - b);
}

/** The plan with these operations only; sessions that are left with nothing to do are gone. */
export function keepOnly(plan: Plan, ids: ReadonlySet<number>): Plan {
  const kept = plan.sessions.map((entries) => entries.filter(({ id }) => ids.has(id)));
  return { ...plan, sessions: numbered(kept.filter((entries) => entries.length > 0)) };
}

/** The plan with its sessions in another order, each of them named once. */
export function inOrder(plan: Plan, order: readonly number[]): Plan {
  return { ...plan, sessions: numbered(order.map((session) => plan.sessions[session] ?? [])) };
}

function numbered(sessions: Plan["sessions"]): Plan["sessions"] {
  return sessions.map((entries, session) => entries.map((entry) => ({ ...entry, session })));
}

/**
 * Plans with one thing less to do in one operation: an element less in an argument that is a list of at
 * least two. The last elements are left out first.
 */
export function withLessToDo(plan: Plan): readonly Plan[] {
  return plan.sessions.flatMap((entries) =>
    entries.flatMap((entry) =>
      smallerArguments(entry.args).map((args) => replaced(plan, { ...entry, args })),
    ),
  );
}

function smallerArguments(args: PlanEntry["args"]): readonly PlanEntry["args"][] {
  return Object.entries(args).flatMap(([name, value]) => {
    if (!Array.isArray(value) || value.length < 2) return [];
    return value.map((_, i) => ({ ...args, [name]: value.toSpliced(value.length - 1 - i, 1) })).map(asArgs);
  });
}

function asArgs(args: object): PlanEntry["args"] {
  return args as PlanEntry["args"];
}

function replaced(plan: Plan, entry: PlanEntry): Plan {
  return {
    ...plan,
    sessions: plan.sessions.map((entries) => entries.map((old) => (old.id === entry.id ? entry : old))),
  };
}
