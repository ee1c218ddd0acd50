import { affected, committed, final, type Outcome, reads } from "./outcome.ts";
import { type Played, type ScheduleStep, steps } from "./schedule.ts";

/** The columns of the table, as Hermitage names them. */
export const phenomenonNames = [
  "G0",
  "G1a",
  "G1b",
  "G1c",
  "OTV",
  "PMP",
  "P4",
  "G-single",
  "G2-item",
  "G2",
] as const;

export type PhenomenonName = (typeof phenomenonNames)[number];

/** A schedule that shows a phenomenon where it is not prevented. */
export interface PhenomenonSchedule {
  readonly phenomenon: PhenomenonName;
  readonly name: string;
  /** Whether the transaction that suffers only reads. */
  readonly readOnly: boolean;
  readonly steps: readonly ScheduleStep[];
  /** Whether what was answered proves the phenomenon. */
  readonly shows: (played: Played) => boolean;
}

/** Two rows, `{1: 10, 2: 20}`. */
export const testTable = "test";

const one = "select id, value from test where id = 1";
const two = "select id, value from test where id = 2";
const all = "select id, value from test order by id";
const both = "select id, value from test where id in (1, 2) order by id";
const is = (value: number): string => `select id, value from test where value = ${value} order by id`;
const divisible = (by: number): string => `select id, value from test where value % ${by} = 0 order by id`;
const set = (id: number, value: number): string => `update test set value = ${value} where id = ${id}`;
const insert = (id: number, value: number): string => `insert into test (id, value) values (${id}, ${value})`;

function schedule(
  phenomenon: PhenomenonName,
  { name = "", readOnly = false }: { readonly name?: string; readonly readOnly?: boolean },
  text: string,
  shows: (played: Played) => boolean,
): PhenomenonSchedule {
  return { phenomenon, name, readOnly, steps: steps(text), shows };
}

/**
 * The phenomena of Adya, Liskov and O'Neil (2000) and of Berenson et al. (1995, P4), as schedules in the manner of
 * Hermitage (Kleppmann, 2014). Each proof holds for whatever order the server made of the steps: it rests on what
 * was read, on what committed and on what is left in the table.
 */
export const schedules: readonly PhenomenonSchedule[] = [
  schedule(
    "G0",
    {},
    `1: begin | 2: begin | 1: ${set(1, 11)} | 2: ${set(1, 12)} | 1: ${set(2, 21)} | 1: commit | 2: ${set(2, 22)} | 2: commit`,
    // Each row's last writer is another one.
    (played) => committed(played, 1, 2) && ["11,22", "12,21"].includes(final(played)),
  ),
  schedule(
    "G1a",
    {},
    `1: begin | 2: begin | 1: ${set(1, 101)} | 2: ${all} | 1: rollback | 2: ${all} | 2: commit`,
    (played) => committed(played, 2) && reads(played, 2).some(({ value }) => value === 101),
  ),
  schedule(
    "G1b",
    {},
    `1: begin | 2: begin | 1: ${set(1, 101)} | 2: ${all} | 1: ${set(1, 11)} | 1: commit | 2: ${all} | 2: commit`,
    (played) => committed(played, 1, 2) && reads(played, 2).some(({ value }) => value === 101),
  ),
  schedule(
    "G1c",
    {},
    `1: begin | 2: begin | 1: ${set(1, 11)} | 2: ${set(2, 22)} | 1: ${two} | 2: ${one} | 1: commit | 2: commit`,
    (played) =>
      committed(played, 1, 2) &&
      reads(played, 1).some(({ value }) => value === 22) &&
      reads(played, 2).some(({ value }) => value === 11),
  ),
  schedule(
    "OTV",
    { readOnly: true },
    `1: begin | 2: begin | 3: begin | 1: ${set(1, 11)} | 1: ${set(2, 19)} | 2: ${set(1, 12)} | 1: commit | 3: ${one} | 3: ${two} | 2: ${set(2, 18)} | 3: ${two} | 2: commit | 3: ${two} | 3: ${one} | 3: commit`,
    (played) => committed(played, 1, 2, 3) && vanishes(reads(played, 3)),
  ),
  schedule(
    "PMP",
    { name: "read", readOnly: true },
    `1: begin | 2: begin | 1: ${is(30)} | 2: ${insert(3, 30)} | 2: commit | 1: ${divisible(3)} | 1: commit`,
    (played) =>
      committed(played, 1, 2) && isEmpty(played, 1, is(30)) && reads(played, 1).some(({ id }) => id === 3),
  ),
  schedule(
    "PMP",
    { name: "write" },
    `1: begin | 2: begin | 2: ${is(20)} | 1: update test set value = value + 10 | 2: delete from test where value = 20 | 1: commit | 2: ${is(20)} | 2: commit`,
    // The first read found row 2 as it was before; a serial execution then deletes it, and nothing else.
    (played) =>
      committed(played, 1, 2) && firstRead(played, 2).some(({ id }) => id === 2) && final(played) !== "20",
  ),
  schedule(
    "P4",
    {},
    `1: begin | 2: begin | 1: ${one} | 2: ${one} | 1: ${set(1, 11)} | 2: ${set(1, 11)} | 1: commit | 2: commit`,
    (played) =>
      committed(played, 1, 2) &&
      [1, 2].every((session) => reads(played, session).every(({ value }) => value === 10)) &&
      [1, 2].every((session) => affected(played, session) === 1),
  ),
  schedule(
    "G-single",
    { name: "read", readOnly: true },
    `1: begin | 2: begin | 1: ${one} | 2: ${one} | 2: ${two} | 2: ${set(1, 12)} | 2: ${set(2, 18)} | 2: commit | 1: ${two} | 1: commit`,
    (played) =>
      committed(played, 1, 2) && saw(played, 1, { id: 1, value: 10 }) && saw(played, 1, { id: 2, value: 18 }),
  ),
  schedule(
    "G-single",
    { name: "read by predicate", readOnly: true },
    `1: begin | 2: begin | 1: ${divisible(5)} | 2: update test set value = 12 where value = 10 | 2: commit | 1: ${divisible(3)} | 1: commit`,
    (played) =>
      committed(played, 1, 2) && saw(played, 1, { id: 1, value: 10 }) && saw(played, 1, { id: 1, value: 12 }),
  ),
  schedule(
    "G-single",
    { name: "write by predicate" },
    `1: begin | 2: begin | 1: ${one} | 2: ${all} | 2: ${set(1, 12)} | 2: ${set(2, 18)} | 2: commit | 1: delete from test where value = 20 | 1: ${two} | 1: commit`,
    // It read row 1 as it was before session 2, and could not delete row 2 because of session 2.
    (played) => committed(played, 1, 2) && saw(played, 1, { id: 1, value: 10 }) && affected(played, 1) === 0,
  ),
  schedule(
    "G2-item",
    {},
    `1: begin | 2: begin | 1: ${both} | 2: ${both} | 1: ${set(1, 11)} | 2: ${set(2, 21)} | 1: commit | 2: commit`,
    (played) =>
      committed(played, 1, 2) &&
      [1, 2].every((session) => reads(played, session).every(({ value }) => value === 10 || value === 20)) &&
      final(played) === "11,21",
  ),
  schedule(
    "G2",
    { name: "two inserts" },
    `1: begin | 2: begin | 1: ${divisible(3)} | 2: ${divisible(3)} | 1: ${insert(3, 30)} | 2: ${insert(4, 42)} | 1: commit | 2: commit`,
    (played) =>
      committed(played, 1, 2) && isEmpty(played, 1, divisible(3)) && isEmpty(played, 2, divisible(3)),
  ),
  schedule(
    "G2",
    // Fekete, O'Neil and O'Neil (2004).
    { name: "seen by one that only reads" },
    `1: begin | 1: ${all} | 2: begin | 2: update test set value = value + 5 where id = 2 | 2: commit | 3: begin | 3: ${all} | 3: commit | 1: ${set(1, 0)} | 1: commit`,
    (played) =>
      committed(played, 1, 2, 3) &&
      saw(played, 1, { id: 2, value: 20 }) &&
      saw(played, 3, { id: 1, value: 10 }) &&
      saw(played, 3, { id: 2, value: 25 }),
  ),
];

/** Which session a value of the OTV schedule is of; 0 for the one that was there before. */
const writers: Readonly<Record<number, number>> = { 10: 0, 20: 0, 11: 1, 19: 1, 12: 2, 18: 2 };

/** A session that was seen, and then not any more: a later read is of a session before it. */
function vanishes(seen: readonly Outcome[]): boolean {
  const order = seen.map(({ value }) => writers[value] ?? 0);
  return order.some((writer, number) => order.slice(number).some((later) => later < writer));
}

function saw(played: Played, session: number, { id, value }: Outcome): boolean {
  return reads(played, session).some((row) => row.id === id && row.value === value);
}

function firstRead({ steps: played }: Played, session: number): readonly Outcome[] {
  const first = played.find((step) => step.session === session && step.answer.kind === "rows");
  return first?.answer.kind === "rows" ? first.answer.rows : [];
}

function isEmpty({ steps: played }: Played, session: number, sql: string): boolean {
  const step = played.find((candidate) => candidate.session === session && candidate.sql === sql);
  return step?.answer.kind === "rows" && step.answer.rows.length === 0;
}
