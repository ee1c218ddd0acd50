import type { Trace, TracedResult } from "../../scheduler/trace.ts";
import { wrap } from "../explanation/wrap.ts";
import { flat, resultLines } from "./result-lines.ts";
import { sessionName, type ReproTitle } from "./repro-sql.ts";
import { beginStatement, levelText, namespace, namespaceStatements, sessionStart } from "./session-start.ts";
import { withLiterals } from "./sql-literal.ts";
import { tidySql } from "./tidy-sql.ts";
import { killing, timelineOf, wentWithoutSaying, type TypedStatement } from "./timeline.ts";
import { withoutClosingBrace } from "./without-closing-brace.ts";

/** The trace is not one that PostgreSQL's isolation tester can repeat. The message says why. */
export class UnwritableSpec extends Error {
  override readonly name = "UnwritableSpec";
}

/**
 * A trace as a `.spec` for PostgreSQL's own isolation tester (`src/test/isolation/README` there): a session per
 * connection, a step per statement, and one permutation, the order in which the statements were sent; what came
 * back late has a marker that holds it until what came back before it (PostgreSQL 14 on). A session's first BEGIN
 * is its `setup`. The reads at rest are steps of a session of their own. What was observed
 * stands above each step as a `#` comment.
 *
 * The tester cannot take a `}` in SQL, so that one in
 * quotes is written as an escape. A session that was ended by a fault is rolled back instead, and goes on as
 * another session.
 *
 * @throws UnwritableSpec for a database that is not PostgreSQL, a trace without a statement, and a fault that
 * struck during a statement
 */
export function isolationSpec(trace: Trace, title: ReproTitle): string {
  if (trace.database.kind !== "postgres")
    throw new UnwritableSpec(
      `An isolation spec is for PostgreSQL's own tester, and this ran on ${trace.database.kind}: use repro.sql.`,
    );
  const { sessions, permutation } = planOf(trace);
  if (permutation.length === 0)
    throw new UnwritableSpec("No statement was sent, so there is nothing to repeat.");
  const { create, drop } = namespaceStatements("postgres");
  const [enter = ""] = sessionStart(trace.database, trace.isolation);
  const setups = [[create], [enter], ...[trace.schema, trace.setup].filter((group) => group.length > 0)];
  const parts = [
    header(trace, title),
    ...setups.map((group) => `setup\n${block(group)}`),
    `teardown\n${block([drop])}`,
    ...[...sessions.values()]
      .filter(({ steps }) => steps.length > 0)
      .map((session) => sessionText(session, trace)),
    `permutation\n${permutation.map(permutationLine).join("\n")}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

interface SpecStep {
  readonly name: string;
  readonly sql: string;
  readonly notes: readonly string[];
  /** What the tester has to wait for before it tells of the step's end: names of steps, or `*`. */
  readonly markers: string[];
}

interface SpecSession {
  readonly name: string;
  /** Its first statement when that is a BEGIN. */
  begin?: string;
  readonly steps: SpecStep[];
  /** A transaction is left open, which the next permutation must not find. */
  open: boolean;
}

interface SpecPlan {
  readonly sessions: ReadonlyMap<string, SpecSession>;
  readonly permutation: readonly SpecStep[];
}

function planOf(trace: Trace): SpecPlan {
  const sessions = new Map<string, SpecSession>();
  const permutation: SpecStep[] = [];
  const waiting = new Map<number, SpecStep>();
  /** The step that came back last: what comes back after it is told after it. */
  let last: SpecStep | undefined;
  const sessionOf = (name: string): SpecSession => {
    const session = sessions.get(name) ?? { name, steps: [], open: false };
    sessions.set(name, session);
    return session;
  };
  const add = (session: SpecSession, sql: string, notes: readonly string[]): SpecStep => {
    const name = `${session.name}_${session.steps.length + 1}_${firstWord(sql)}`;
    const step = { name, sql, notes, markers: [] };
    session.steps.push(step);
    permutation.push(step);
    return step;
  };
  const statementSent = (entry: TypedStatement): void => {
    const session = sessionOf(nameOf(entry.session, entry.connection));
    const sql = entry.role === "begin" ? beginStatement(entry.sql, "postgres", trace.isolation) : entry.sql;
    session.open = entry.role === "begin" || (session.open && entry.role === "inside");
    if (entry.role === "begin" && session.steps.length === 0 && session.begin === undefined) {
      session.begin = sql;
      return;
    }
    const step = add(session, sql, notesOf(entry));
    if (entry.result === undefined) waiting.set(entry.session, step);
    else last = step;
    // Its victim is told as waiting or not, as the tester happens to look.
    if (entry.result !== undefined && isDeadlock(entry.result)) step.markers.push("*");
  };
  for (const entry of timelineOf(trace)) {
    if (entry.kind === "statement") statementSent(entry);
    else if (entry.kind === "returned") {
      const step = waiting.get(entry.session);
      if (step !== undefined && last !== undefined) step.markers.push(`"${last.name}"`);
      last = step ?? last;
    } else if (entry.kind === "fault" && entry.fault === killing) {
      if (entry.pending) throw struckDuringStatement(entry.fault);
      if (!entry.open) continue;
      const session = sessionOf(nameOf(entry.session, entry.connection));
      last = add(session, "ROLLBACK", [`stands for the fault ${flat(entry.fault)}`]);
      session.open = false;
    }
  }
  for (const { sql, params, rows } of trace.rest)
    add(
      sessionOf("rest"),
      tidySql(withLiterals(sql, params, "postgres"), "postgres"),
      resultLines(sql, { rows }),
    );
  return { sessions, permutation };
}

function isDeadlock(result: TracedResult): boolean {
  return "error" in result && result.error.cause === "deadlock";
}

function struckDuringStatement(fault: string): UnwritableSpec {
  return new UnwritableSpec(
    `The fault ${fault} struck during a statement, which the isolation tester cannot repeat: use repro.sql.`,
  );
}

function nameOf(session: number, connection: number): string {
  return `s${session}${connection === 0 ? "" : `r${connection}`}`;
}

function notesOf(entry: TypedStatement): readonly string[] {
  const { waitsFor, result, sql } = entry;
  if (waitsFor !== undefined)
    return [waitsFor.length === 0 ? "waits" : `waits for ${waitsFor.map((i) => nameOf(i, 0)).join(" or ")}`];
  return result === undefined || wentWithoutSaying(entry) ? [] : resultLines(sql, result);
}

function permutationLine({ name, markers }: SpecStep): string {
  return `  "${name}"${markers.length === 0 ? "" : `(${markers.join(", ")})`}`;
}

function sessionText({ name, begin, steps, open }: SpecSession, trace: Trace): string {
  const settings = [...sessionStart(trace.database, trace.isolation), ...deadlockTimeout(name, trace)];
  // In one transaction of their own: what BEGIN follows in the same block would be undone by a ROLLBACK.
  const setup = ["BEGIN", ...settings, "COMMIT", ...(begin === undefined ? [] : [begin])];
  return [
    `session "${name}"`,
    `setup\n${block(setup)}`,
    ...steps.flatMap((step) => [
      ...step.notes.map((note) => `# ${note}`),
      `step "${step.name}" { ${statement(step.sql)} }`,
    ]),
    ...(open ? ["teardown { ROLLBACK; }"] : []),
  ].join("\n");
}

/**
 * The tester is fast enough that the session which waited first may be the one to find the deadlock. So
 * only those that were ended by one look for it at once, as PostgreSQL's own specs have it; needs a superuser.
 */
function deadlockTimeout(name: string, { events }: Trace): readonly string[] {
  const victims = events.flatMap((event) =>
    event.type === "returned" && isDeadlock(event.result) ? [event.session] : [],
  );
  if (victims.length === 0) return [];
  const isVictim = victims.some((session) => new RegExp(`^s${session}(?:r|$)`).test(name));
  return [`SET deadlock_timeout TO '${isVictim ? "10ms" : "10s"}'`];
}

function block(statements: readonly string[]): string {
  return ["{", ...statements.map((sql) => `  ${statement(tidySql(sql, "postgres"))}`), "}"].join("\n");
}

function statement(sql: string): string {
  return `${withoutClosingBrace(sql)};`;
}

function firstWord(sql: string): string {
  return /^[\s(]*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase() ?? "step";
}

function header({ database, isolation, sessions }: Trace, title: ReproTitle): string {
  const names = Array.from({ length: sessions }, (_, i) => `s${i} is session ${sessionName(i)}`);
  return [
    `${flat(title.anomaly)}: ${flat(title.workload)} at ${levelText(isolation)} on PostgreSQL ${flat(database.version)}.`,
    flat(title.finding),
    `Run it with isolationtester CONNINFO < THIS_FILE; it makes the schema ${namespace} and drops it.`,
    `Beside repro.sql: ${names.join(", ")}.`,
  ]
    .flatMap((line) => wrap(line, 94))
    .map((line) => `# ${line}`)
    .join("\n");
}
