import type { Trace } from "../../scheduler/trace.ts";
import { wrap } from "../explanation/wrap.ts";
import { flat, resultLines } from "./result-lines.ts";
import {
  beginStatement,
  levelText,
  namespace,
  namespaceStatements,
  products,
  sessionStart,
} from "./session-start.ts";
import { withLiterals } from "./sql-literal.ts";
import { dialectOf } from "./sql-pieces.ts";
import { hasInnerSemicolon, tidySql } from "./tidy-sql.ts";
import { endsSession, losingRequest, timelineOf, wentWithoutSaying, type TimelineEntry } from "./timeline.ts";

/** What a reproduction shows, in words. */
export interface ReproTitle {
  /** The anomaly's name. */
  readonly anomaly: string;
  /** `register:naive`. */
  readonly workload: string;
  /** What was found, in one or two sentences. */
  readonly finding: string;
}

/** The longest line of a comment. */
const width = 96;

/** What a session is called; they are numbered from 0. */
export function sessionName(session: number): string {
  return session < 26 ? String.fromCharCode(65 + session) : `S${session}`;
}

/**
 * A trace as a text that a person pastes, line by line, into as many terminals as there were sessions:
 * header, set-up, each session's first statements, what every session sent in the order in which it was let
 * go on, and the reads at rest, all with what was observed as comments. Every statement begins
 * on a line of its own, and belongs to the session that the comment above it names.
 *
 * The first line names the server's dialect. {@link stepsOf} reads the text back. Equal traces give equal bytes.
 */
export function reproSql(trace: Trace, title: ReproTitle): string {
  const blocks = [
    header(trace, title),
    ["-- ---- Set-up, once", ...setUp(trace)],
    ["-- ---- Each session, after it has connected", ...starts(trace)],
    [
      "-- ---- The interleaving, from top to bottom",
      ...timelineOf(trace).flatMap((entry, i, all) => [
        ...step(entry, trace),
        ...(areTwoReturns(entry, all[i - 1]) ? racyNote : []),
      ]),
    ],
    ["-- ---- At rest: what is there when all is over", ...atRest(trace, title)],
    ["-- ---- Clean-up", "", label(0), `${namespaceStatements(trace.database.kind).drop};`],
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function header({ database, isolation, sessions, events }: Trace, title: ReproTitle): readonly string[] {
  const names = Array.from({ length: sessions }, (_, i) => sessionName(i));
  const client = { postgres: "psql DATABASE", mysql: "mysql", mariadb: "mariadb" }[database.kind];
  const namespaceWord = database.kind === "postgres" ? "schema" : "database";
  const faults = events.some(({ type }) => type === "fault");
  return [
    `-- isolab repro.sql for ${products[database.kind]} ${flat(database.version)}`,
    "--",
    ...comment(`${flat(title.anomaly)}: ${flat(title.workload)} at ${levelText(isolation)}.`),
    ...comment(flat(title.finding)),
    "--",
    ...comment(
      `How to run it: open ${sessions} terminals side by side, one for each session (${names.join(", ")}), each with \`${client}\` on a server where you may create a ${namespaceWord}. Go from top to bottom and paste each statement into the terminal of the session named above it. What isolab saw stands below it.`,
    ),
    ...comment(
      'Where it says "waits", the statement does not come back: leave it, and go on with the next one in its own terminal.',
    ),
    ...(faults ? comment("One more terminal, called control, is needed to end a session from outside.") : []),
    ...comment(
      `Everything happens in a ${namespaceWord} of its own, ${namespace}, which is dropped at the end. If it is there from an earlier try, drop it first.`,
    ),
  ];
}

function setUp(trace: Trace): readonly string[] {
  const { kind } = trace.database;
  const [enter = ""] = sessionStart(trace.database, trace.isolation);
  return [
    "",
    label(0),
    ...[namespaceStatements(kind).create, enter, ...trace.schema, ...trace.setup].map((sql) =>
      paste(sql, trace),
    ),
  ];
}

function starts(trace: Trace): readonly string[] {
  return Array.from({ length: trace.sessions }, (_, session) => start(session, trace)).flat();
}

function start(session: number, trace: Trace): readonly string[] {
  const statements = sessionStart(trace.database, trace.isolation).map((sql) => paste(sql, trace));
  return ["", label(session), ...statements, ...identify(session, trace)];
}

/** A session that a fault will hit lets itself be found. */
function identify(session: number, { database, events }: Trace): readonly string[] {
  if (!events.some((event) => event.type === "fault" && event.session === session)) return [];
  const name = marker(session);
  return [
    database.kind === "postgres"
      ? `SET application_name TO '${name}';`
      : `SELECT GET_LOCK('${name}', 0) AS lets_control_find_this_session;`,
  ];
}

function step(entry: TimelineEntry, trace: Trace): readonly string[] {
  const who = sessionName(entry.session);
  switch (entry.kind) {
    case "statement": {
      const isBegin = entry.role === "begin";
      const sql = isBegin ? beginStatement(entry.sql, trace.database.kind, trace.isolation) : entry.sql;
      return [
        ...(entry.reconnects ? reconnect(entry.session, trace) : []),
        "",
        isBegin || entry.role === "alone"
          ? `${label(entry.session)}: ${flat(entry.f)}`
          : label(entry.session),
        paste(sql, trace),
        ...(entry.waitsFor === undefined ? [] : [`-- ${waits(entry.waitsFor)}`]),
        ...(entry.result === undefined || wentWithoutSaying(entry) ? [] : observed(sql, entry.result)),
      ];
    }
    case "returned": {
      const [first = "", ...more] = resultLines(entry.sql, entry.result);
      return [
        "",
        `-- ${who} goes on: ${first}`,
        ...more.map((line) => `-- ${line}`),
        ...deadlockNote(entry.result),
      ];
    }
    case "deferred":
      return [
        "",
        ...comment(
          `${who} tried its next statement here and had to wait; it was taken back, and comes later.`,
        ),
      ];
    case "fault":
      return fault(entry, trace);
  }
}

/** One statement let both go on, and which of them is first is the server's doing. */
function areTwoReturns(entry: TimelineEntry, before: TimelineEntry | undefined): boolean {
  return entry.kind === "returned" && before?.kind === "returned";
}

const racyNote = ["-- (both went on at the same time: it may be in another order for you)"];

function fault(entry: Extract<TimelineEntry, { kind: "fault" }>, trace: Trace): readonly string[] {
  const who = sessionName(entry.session);
  if (!endsSession(entry.fault))
    return ["", ...comment(`Fault: ${flat(entry.fault)} strikes session ${who}.`)];
  const name = marker(entry.session);
  const kill =
    trace.database.kind === "postgres"
      ? `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${name}';`
      : `KILL IS_USED_LOCK('${name}');`;
  return [
    "",
    ...comment(
      entry.fault === losingRequest
        ? `Fault: the COMMIT of session ${who} is lost on its way to the server, and its connection with it. Its open transaction is rolled back.`
        : `Fault: the server ends session ${who}. Its open transaction is rolled back.`,
    ),
    "-- session control",
    kill,
  ];
}

function reconnect(session: number, trace: Trace): readonly string[] {
  const name = sessionName(session);
  return [
    "",
    ...comment(`Connect ${name} again, if your client does not do so by itself. Then:`),
    ...start(session, trace).slice(1),
  ];
}

function atRest(trace: Trace, title: ReproTitle): readonly string[] {
  const { kind } = trace.database;
  const reads = trace.rest.flatMap(({ sql, params, rows }) => {
    const text = withLiterals(sql, params, kind);
    return ["", label(0), paste(text, trace), ...observed(text, { rows })];
  });
  return [...reads, "", ...comment(`This shows ${flat(title.anomaly)}: ${flat(title.finding)}`)];
}

function observed(sql: string, result: Parameters<typeof resultLines>[1]): readonly string[] {
  return [...resultLines(sql, result).map((line) => `-- ${line}`), ...deadlockNote(result)];
}

/** Which session a deadlock ends is the server's choice. */
function deadlockNote(result: Parameters<typeof resultLines>[1]): readonly string[] {
  if (!("error" in result) || result.error.cause !== "deadlock") return [];
  return ["-- (the server chooses whom a deadlock ends: it may be another session for you)"];
}

function waits(others: readonly number[]): string {
  return others.length === 0 ? "waits" : `waits for ${others.map(sessionName).join(" or ")}`;
}

function label(session: number): string {
  return `-- session ${sessionName(session)}`;
}

function marker(session: number): string {
  return `${namespace} ${sessionName(session)}`;
}

/** A statement with what ends it. A body with `;` in it needs another end in MySQL's clients. */
function paste(sql: string, { database }: Trace): string {
  const dialect = dialectOf(database.kind);
  const text = tidySql(sql, dialect);
  return dialect === "mysql" && hasInnerSemicolon(text, dialect)
    ? `DELIMITER //\n${text}//\nDELIMITER ;`
    : `${text};`;
}

function comment(text: string): readonly string[] {
  return wrap(text, width - 3).map((line) => `-- ${line}`);
}
