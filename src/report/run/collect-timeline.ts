import { faults } from "../../checkers/faults.ts";
import { mopText, valueText } from "../../checkers/explain/value-text.ts";
import { type History, typeCode } from "../../history/history.ts";
import { Names } from "../../history/names.ts";
import { mopAt, mopKeyAt, processAt } from "../../history/operation-at.ts";
import type { Schedule } from "../../scheduler/schedule.ts";
import { causeOf } from "./causes.ts";
import { lanesOf } from "./lanes.ts";
import { sampleOf } from "./sample.ts";
import type { TimelineData, TimelineFault } from "./timeline-data.ts";

/** A bound: characters of texts, all operations together. */
const textBudget = 1_600_000;
const longestText = 400;
const shortestText = 24;
/** A bound: keys of a page; operations on later ones are found by session and time alone. */
const mostKeys = 20_000;
/** A bound: keys of one operation. */
const keysPerOperation = 8;
/** A bound: faults of a page, the first ones. */
const mostFaults = 2_000;

/** Where to look, and what must be there. */
export interface TimelineSource {
  readonly history: History;
  readonly sessions: number | undefined;
  readonly schedule: Schedule | undefined;
  /** Indices of completions that are part of an anomaly. */
  readonly marked: ReadonlySet<number>;
  /** How many operations there may be, those that are marked aside. */
  readonly most: number;
}

/** The columns of a timeline. Linear in the history; memory is some kilobyte per operation that is in it. */
export function collectTimeline({ history, sessions, schedule, marked, most }: TimelineSource): TimelineData {
  const isStepped = history.header?.mode === "interleaved" || !hasTimes(history);
  const time = (row: number): number =>
    !hasTimes(history)
      ? row
      : isStepped
        ? (history.time[row] ?? 0)
        : Math.round((history.time[row] ?? 0) / 1e3);
  const lanes = lanesOf(history, sessions);
  const { rows, total } = sampleOf(history, marked, (row) => lanes.of(row) >= 0, most);
  const began = (row: number): number => {
    const pair = history.type[row] === typeCode.invoke ? row : (history.pair[row] ?? -1);
    return time(pair < 0 ? row : pair);
  };
  const ordered = Array.from(rows).sort((a, b) => began(a) - began(b) || a - b);
  const limit = Math.max(
    shortestText,
    Math.min(longestText, Math.floor(textBudget / Math.max(1, rows.length))),
  );

  const [keys, causes, processes] = [new Names(), new Names(), new Names()];
  // The last step takes its turn, too.
  const oneTurn = isStepped ? 1 : 0;
  let [end, lastBegin, lastIndex] = [0, 0, 0];
  const delta = { begin: [] as number[], index: [] as number[] };
  for (const row of ordered) {
    const [begin, index] = [began(row), history.index[row] ?? 0];
    delta.begin.push(begin - lastBegin);
    delta.index.push(index - lastIndex);
    [lastBegin, lastIndex] = [begin, index];
    end = Math.max(end, time(row) + oneTurn);
  }
  const struck = schedule === undefined ? faultsOf(history, time) : stepFaults(schedule);
  for (const { from, to } of struck) end = Math.max(end, from, to ?? 0);
  const column = (of: (row: number) => number): readonly number[] => ordered.map(of);
  return {
    unit: isStepped ? "step" : "us",
    total,
    to: end,
    lanes: lanes.names,
    functions: history.functions.map((name) => valueText(name)),
    ...delta,
    length: column((row) => (history.type[row] === typeCode.invoke ? -1 : time(row) + oneTurn - began(row))),
    lane: column((row) => lanes.of(row)),
    f: column((row) => history.f[row] ?? 0),
    outcome: column((row) => outcomeOf(history.type[row] ?? 0)),
    process: column((row) => processes.number(valueText(processAt(history, row), 24))),
    cause: column((row) => {
      const cause = causeOf(history, row);
      return cause === undefined ? -1 : causes.number(cause);
    }),
    touched: ordered.map((row) => keysOf(history, row).map((key) => keys.number(key))).map(withinBound),
    text: ordered.map((row) =>
      textOf(history, row, marked.has(history.index[row] ?? -1) ? longestText : limit),
    ),
    keys: keys.names.slice(0, mostKeys),
    causes: causes.names,
    processes: processes.names,
    marked: ordered.flatMap((row, at) => (marked.has(history.index[row] ?? -1) ? [at] : [])),
    faults: struck.slice(0, mostFaults),
    blocked: schedule === undefined ? [] : blockedIn(schedule, lanes.names.length),
  };
}

function withinBound(keys: readonly number[]): readonly number[] {
  return keys.filter((key) => key < mostKeys);
}

/** Histories of others may hold none. */
function hasTimes({ time, length }: History): boolean {
  return length > 0 && time[length - 1] !== time[0];
}

function outcomeOf(type: number): number {
  return type === typeCode.ok ? 0 : type === typeCode.fail ? 1 : 2;
}

/** The row that holds the micro-operations: the completion, or the invocation where that has none. */
function sourceOf({ mopStart, pair }: History, row: number): number {
  const [from = 0, to = 0] = [mopStart[row], mopStart[row + 1]];
  return to > from || (pair[row] ?? -1) < 0 ? row : (pair[row] ?? row);
}

function keysOf(history: History, row: number): readonly string[] {
  const source = sourceOf(history, row);
  const [from = 0, to = 0] = [history.mopStart[source], history.mopStart[source + 1]];
  const keys = new Set<string>();
  for (let mop = from; mop < to && keys.size < keysPerOperation; mop++)
    keys.add(valueText(mopKeyAt(history, mop), 40));
  return [...keys];
}

function textOf(history: History, row: number, limit: number): string {
  const source = sourceOf(history, row);
  const [from = 0, to = 0] = [history.mopStart[source], history.mopStart[source + 1]];
  let text = "";
  for (let mop = from; mop < to; mop++) {
    if (text.length > limit) return `${text.slice(0, limit)}…`;
    text += (text === "" ? "" : ", ") + mopText(mopAt(history, mop));
  }
  if (text === "") {
    const value = history.otherValues.get(row);
    text = value === undefined || value === null ? "" : valueText(value, limit);
  }
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

function faultsOf(history: History, time: (row: number) => number): readonly TimelineFault[] {
  return faults(history).map((fault) => ({
    f: valueText(fault.name),
    did: fault.did?.slice(0, 200) ?? null,
    from: time(fault.began),
    to: fault.isOver ? time(fault.ended) : null,
  }));
}

/** Faults that were steps of a schedule. */
function stepFaults({ steps }: Schedule): readonly TimelineFault[] {
  return steps.flatMap(({ move }, step) =>
    move.kind === "fault"
      ? [{ f: valueText(move.fault), did: `session ${move.session}`, from: step, to: step + 1 }]
      : [],
  );
}

/** When each session waited for a lock: successive steps as one. */
function blockedIn(
  { steps }: Schedule,
  lanes: number,
): readonly (readonly [lane: number, from: number, to: number])[] {
  const open = new Map<number, number>();
  const found: (readonly [number, number, number])[] = [];
  const close = (session: number, to: number): void => {
    const from = open.get(session);
    if (from !== undefined) found.push([session, from, to]);
    open.delete(session);
  };
  steps.forEach(({ blocked }, step) => {
    for (const session of [...open.keys()]) if (!blocked.includes(session)) close(session, step);
    for (const session of blocked) if (session < lanes && !open.has(session)) open.set(session, step);
  });
  for (const session of [...open.keys()]) close(session, steps.length);
  return found;
}
