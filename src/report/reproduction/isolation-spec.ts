import type { Trace } from "../../scheduler/trace.ts";
import { wrap } from "../explanation/wrap.ts";
import { flat } from "./result-lines.ts";
import { sessionName, type ReproTitle } from "./repro-sql.ts";
import { levelText, namespace, namespaceStatements, sessionStart } from "./session-start.ts";
import { tidySql } from "./tidy-sql.ts";
import { isDeadlock, specPlan, UnwritableSpec, type SpecSession, type SpecStep } from "./spec-plan.ts";
import { withoutClosingBrace } from "./without-closing-brace.ts";

/**
 * A trace as a `.spec` for PostgreSQL's own isolation tester (`src/test/isolation/README` there): a session per
 * connection, a step per statement, and one permutation, the order in which the statements were sent. What came
 * back late has a marker, so that it is told after what came back before it (PostgreSQL 14 on). A session's first
 * BEGIN is its `setup`. The reads at rest are steps of a session of their own. What was observed stands above
 * each step as `#` comments.
 *
 * The tester cannot take a `}` in SQL: one in quotes is written as an escape. A session that a fault ended is
 * rolled back instead, and goes on as another session.
 *
 * @throws UnwritableSpec for a database that is not PostgreSQL, a trace without a statement, and a fault that
 * struck during a statement
 */
export function isolationSpec(trace: Trace, title: ReproTitle): string {
  if (trace.database.kind !== "postgres")
    throw new UnwritableSpec(
      `An isolation spec is for PostgreSQL's own tester, and this ran on ${trace.database.kind}: use repro.sql.`,
    );
  const { sessions, permutation } = specPlan(trace);
  if (permutation.length === 0)
    throw new UnwritableSpec("No statement was sent, so there is nothing to repeat.");
  const { create, drop } = namespaceStatements("postgres");
  const [enter = ""] = sessionStart(trace.database, trace.isolation);
  const setups = [[create], [enter], ...[trace.schema, trace.setup].filter((group) => group.length > 0)];
  const parts = [
    header(trace, title),
    ...setups.map((group) => `setup\n${block(group)}`),
    `teardown\n${block([drop])}`,
    ...sessions.map((session) => sessionText(session, trace)),
    `permutation\n${permutation.map(permutationLine).join("\n")}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function permutationLine({ name, markers }: SpecStep): string {
  return `  "${name}"${markers.length === 0 ? "" : `(${markers.join(", ")})`}`;
}

function sessionText({ name, session, begin, steps, open }: SpecSession, trace: Trace): string {
  const settings = [...sessionStart(trace.database, trace.isolation), ...deadlockTimeout(session, trace)];
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
function deadlockTimeout(session: number | undefined, { events }: Trace): readonly string[] {
  const victims = events.flatMap((event) =>
    event.type === "returned" && isDeadlock(event.result) ? [event.session] : [],
  );
  if (victims.length === 0) return [];
  const isVictim = session !== undefined && victims.includes(session);
  return [`SET deadlock_timeout TO '${isVictim ? "10ms" : "10s"}'`];
}

function block(statements: readonly string[]): string {
  return ["{", ...statements.map((sql) => `  ${statement(tidySql(sql, "postgres"))}`), "}"].join("\n");
}

function statement(sql: string): string {
  return `${withoutClosingBrace(sql)};`;
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
