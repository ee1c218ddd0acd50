import { isCount, isObject, type JsonPath, type Problem } from "./json-problem.ts";
import { granted, type Move } from "./move.ts";
import type { PointKind } from "./point.ts";
import type { Step, StepOutcome } from "./schedule.ts";

/** A step with its fields in the order in which they are written, and no others. */
export function inOrder({ move, ready, blocked, points, outcomes, racy }: Step): Step {
  return {
    move: moveInOrder(move),
    ready,
    blocked,
    points: points.map(({ operation, attempt, kind }) => ({ operation, attempt, kind })),
    outcomes: outcomes.map(outcomeInOrder),
    ...(racy === undefined ? {} : { racy }),
  };
}

/** What keeps a parsed value from being a {@link Step}, or null if it is one. */
export function findStepProblem(step: unknown): Problem | null {
  if (!isObject(step)) return wrong([], "to be an object", step);
  const { move, ready, blocked, points, outcomes, racy } = step;
  if (!isAscending(ready)) return wrong(["ready"], sessionsAscending, ready);
  if (!isAscending(blocked)) return wrong(["blocked"], sessionsAscending, blocked);
  const both = blocked.findIndex((session) => ready.includes(session));
  if (both >= 0) return wrong(["blocked", both], "to be a session that is not ready too", blocked[both]);
  return (
    findMoveProblem(move, ready) ??
    findListProblem("points", points, findPointProblem) ??
    findCountProblem(points as readonly unknown[], move as Move) ??
    findListProblem("outcomes", outcomes, findOutcomeProblem) ??
    (racy === undefined || racy === true ? null : wrong(["racy"], "to be true or absent", racy))
  );
}

const sessionsAscending = "to be an array of sessions, ascending";

const pointKinds: readonly PointKind[] = ["query", "commit", "rollback", "think"];

const outcomeKeys = ["rows", "affected", "done", "error", "blocked", "deferred"] as const;

function moveInOrder(move: Move): Move {
  switch (move.kind) {
    case "grant":
      return { kind: move.kind, session: move.session };
    case "overlap":
      return { kind: move.kind, sessions: move.sessions };
    case "fault":
      return { kind: move.kind, fault: move.fault, session: move.session };
  }
}

function outcomeInOrder(outcome: StepOutcome): StepOutcome {
  const { session } = outcome;
  if ("rows" in outcome) return { session, rows: outcome.rows };
  if ("affected" in outcome) return { session, affected: outcome.affected };
  if ("done" in outcome) return { session, done: outcome.done };
  if ("error" in outcome) return { session, error: outcome.error };
  if ("blocked" in outcome) return { session, blocked: outcome.blocked };
  return { session, deferred: outcome.deferred };
}

function findMoveProblem(move: unknown, ready: readonly number[]): Problem | null {
  if (!isObject(move)) return wrong(["move"], "to be an object", move);
  const { kind, session, sessions, fault } = move;
  const isReady = (value: unknown): boolean => isCount(value) && ready.includes(value);
  switch (kind) {
    case "grant":
      return isReady(session) ? null : wrong(["move", "session"], "to be a session that is ready", session);
    case "overlap":
      return isPair(sessions) && sessions.every(isReady)
        ? null
        : wrong(["move", "sessions"], "to be two sessions that are ready", sessions);
    case "fault":
      if (typeof fault !== "string") return wrong(["move", "fault"], "to be the name of a fault", fault);
      return isCount(session) ? null : wrong(["move", "session"], "to be an integer from 0", session);
    default:
      return wrong(["move", "kind"], "to be one of grant, overlap, fault", kind);
  }
}

function findPointProblem(point: unknown): Problem | null {
  if (!isObject(point)) return wrong([], "to be an object", point);
  const { operation, attempt, kind } = point;
  for (const [name, value] of Object.entries({ operation, attempt }))
    if (!isCount(value)) return wrong([name], "to be an integer from 0", value);
  if (pointKinds.some((known) => known === kind)) return null;
  return wrong(["kind"], `to be one of ${pointKinds.join(", ")}`, kind);
}

function findCountProblem(points: readonly unknown[], move: Move): Problem | null {
  const { length } = granted(move);
  return points.length === length ? null : wrong(["points"], `to have length ${length}`, points.length);
}

function findOutcomeProblem(outcome: unknown): Problem | null {
  if (!isObject(outcome)) return wrong([], "to be an object", outcome);
  if (!isCount(outcome.session)) return wrong(["session"], "to be an integer from 0", outcome.session);
  const present = outcomeKeys.filter((key) => key in outcome);
  const [key] = present;
  if (key === undefined || present.length > 1)
    return wrong([], `to have one of ${outcomeKeys.join(", ")}`, present.length === 0 ? outcome : "more");
  const value = outcome[key];
  switch (key) {
    case "rows":
    case "affected":
      return isCount(value) ? null : wrong([key], "to be an integer from 0", value);
    case "error":
      return typeof value === "string" || Number.isSafeInteger(value)
        ? null
        : wrong([key], "to be an error code, a string or an integer", value);
    case "done":
    case "blocked":
    case "deferred":
      return value === true ? null : wrong([key], "to be true", value);
  }
}

function findListProblem(
  name: string,
  list: unknown,
  findProblem: (item: unknown) => Problem | null,
): Problem | null {
  if (!Array.isArray(list)) return wrong([name], "to be an array", list);
  for (const [index, item] of (list as unknown[]).entries()) {
    const problem = findProblem(item);
    if (problem !== null) return { ...problem, path: [name, index, ...problem.path] };
  }
  return null;
}

function isAscending(value: unknown): value is readonly number[] {
  if (!Array.isArray(value)) return false;
  const list = value as readonly unknown[];
  return list.every((session, index) => {
    const before = index === 0 ? -1 : list[index - 1];
    return isCount(session) && typeof before === "number" && before < session;
  });
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2 && value[0] !== value[1];
}

function wrong(path: JsonPath, expected: string, got: unknown): Problem {
  return { path, expected, got };
}
