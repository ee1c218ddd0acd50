import { initial, type RegisterHistory } from "./register-history.ts";
import { nobody } from "./sessions.ts";

/** Nodes, one after the other; of a cycle, the first is not repeated. */
export type Path = readonly number[];

/**
 * A path from one node to a later one over reads and session steps, both ends included; a shortest one
 * if what lies between within a session counts nothing. Linear at worst.
 * @throws Error where there is none.
 */
export function causalPath(history: RegisterHistory, from: number, to: number): Path {
  const { sessions, readStart, readWriter } = history;
  const next = new Map<number, number>([[to, to]]);
  let level = [to];
  while (level.length > 0) {
    const before: number[] = [];
    for (const node of level) {
      if (isLaterInSession(history, from, node)) return withoutSessionSteps(history, trace(next, from, node));
      const reach = (predecessor: number): void => {
        if (predecessor < 0 || next.has(predecessor)) return;
        next.set(predecessor, node);
        before.push(predecessor);
      };
      for (let read = readStart[node] ?? 0; read < (readStart[node + 1] ?? 0); read++)
        reach(readWriter[read] ?? initial);
      reach(sessions.previous[node] ?? nobody);
    }
    level = before;
  }
  throw new Error(`node ${from} does not come before node ${to}`);
}

/** Whether the second node is the first, or comes after it on the same process. */
export function isLaterInSession({ sessions }: RegisterHistory, first: number, second: number): boolean {
  const { of, previous } = sessions;
  const last = of[second] === of[first] ? second : (previous[second] ?? nobody);
  return first === second || (last !== nobody && of[last] === of[first] && first <= last);
}

/** The path without nodes that only lie between two others on their process. */
export function withoutSessionSteps(history: RegisterHistory, path: Path): Path {
  const kept: number[] = [];
  path.forEach((node, i) => {
    const before = kept.at(-1);
    const after = path[i + 1];
    const between =
      before !== undefined &&
      after !== undefined &&
      before !== after &&
      isLaterInSession(history, before, node) &&
      isLaterInSession(history, node, after);
    if (!between) kept.push(node);
  });
  return kept;
}

/** From `from`, which stands right before `node` in its session or is it, along `next`. */
function trace(next: ReadonlyMap<number, number>, from: number, node: number): Path {
  const path = from === node ? [] : [from];
  for (let at = node; ; at = next.get(at) ?? at) {
    path.push(at);
    if (next.get(at) === at) return path;
  }
}
