import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { codeBlock, escaped, markdownTable } from "../../src/report/markdown/escape.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { anomalies, entryOf, targets, type GoldenTarget } from "./golden-schedules.ts";

/** What the search found of one variant at one target; see scripts/isolation-runs.mjs. */
export interface MeasuredCell {
  readonly workload: string;
  readonly variant: string;
  readonly target: string;
  /** By anomaly, the number of the first schedule that shows it; `overlaps` where statements had to run at once. */
  readonly shows: Readonly<Record<string, { readonly schedule: number; readonly overlaps?: boolean }>>;
  readonly never: readonly string[];
  /** Schedules without any of `never`; 0 where nothing was committed. */
  readonly clean?: number;
}

/** The record of the runs behind the page. */
export const measured: {
  readonly search: { readonly seed: string; readonly sessions: number; readonly operations: number };
  readonly versions: Readonly<Record<"postgres" | "mariadb", string>>;
  readonly cells: readonly MeasuredCell[];
} = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../docs/isolation.json"), "utf8")) as never;

/** `docs/isolation.md`, in Markdown, from the record and from the golden schedules. */
export function isolationPage(workloads: readonly Workload[]): string {
  const { postgres, mariadb } = measured.versions;
  const parts = [
    "# Which isolation level, and which lock",
    `What each level of PostgreSQL ${postgres} and MariaDB ${mariadb} lets happen, and which ways of writing a transaction are right at which level. Every entry is what \`isolab explore\` saw on the real server, one statement at a time, and sees again: \`node scripts/isolation-runs.mjs\` makes the record, \`docs/isolation.json\`, anew. MySQL itself was not tried.`,
    "## What a level lets happen",
    "A link leads to the smallest schedule that shows it, which `isolab replay` executes again; where there is a dash, every interleaving of such a plan was executed and none did. [The schedules](schedules.md) are shown statement by statement, [the names](anomalies.md) explained.",
    levels(),
    "## When to use which",
    linked(advice),
    "## Which way of writing it is right",
    `\`✗\` names what went wrong, with the number of the schedule that showed it first. \`✓\` says in how many schedules nothing went wrong of what the variant declares can never go wrong there; more of them, and free-running operations, are in the tests. A blank: neither is claimed. The command below a table runs its first finding again; the others with the variant, level and database of their row and column${settingsNote()}.`,
    ...workloads.flatMap(sectionOf),
  ];
  return `${parts.join("\n\n")}\n`;
}

function levels(): string {
  const rows = targets.map((target) => [
    escaped(target.title),
    ...anomalies.map((anomaly) => {
      const entry = entryOf(anomaly, target);
      return entry === undefined ? "—" : `[yes](../histories/schedules/${entry.name}/)`;
    }),
  ]);
  return markdownTable(["level", ...anomalies.map(({ title }) => escaped(title.toLowerCase()))], rows);
}

function sectionOf(workload: Workload): readonly string[] {
  const rows = Object.keys(workload.variants).map((variant) => [
    `\`${variant}\``,
    ...targets.map((target) => cellText(find(workload.name, variant, target))),
  ]);
  return [
    `### ${workload.name}`,
    `${escaped(capital(workload.summary))}. It cannot reveal ${escaped(workload.cannotReveal)}.`,
    markdownTable(["variant", ...targets.map(short)], rows),
    ...exampleOf(workload),
  ];
}

/** The command for the first entry that shows something. */
function exampleOf({ name }: Workload): readonly string[] {
  const cell = measured.cells.find(
    ({ workload, shows }) => workload === name && Object.keys(shows).length > 0,
  );
  const target = targets.find(({ name: wanted }) => wanted === cell?.target);
  const [anomaly] = Object.keys(cell?.shows ?? {});
  if (cell === undefined || anomaly === undefined) return [];
  return [codeBlock([`${commandFor(`${name}:${cell.variant}`, target)} --anomaly ${anomaly}`], "sh")];
}

/** Names of variants lead to their tables. */
function linked(text: string): string {
  return text.replaceAll(/`([a-z-]+):[a-z-]+`/g, (name, workload: string) => `[${name}](#${workload})`);
}

/** Undefined where the variant makes no sense at the level. */
function find(workload: string, variant: string, target: GoldenTarget): MeasuredCell | undefined {
  return measured.cells.find(
    (cell) => cell.workload === workload && cell.variant === variant && cell.target === target.name,
  );
}

function cellText(cell: MeasuredCell | undefined): string {
  if (cell === undefined) return "·";
  const shown = Object.entries(cell.shows).map(
    ([anomaly, { schedule, overlaps }]) =>
      `✗ ${anomaly} (${schedule}${overlaps === true ? ", overlaps" : ""})`,
  );
  if (shown.length > 0) return shown.join("<br>");
  return cell.clean === undefined || cell.clean === 0 ? "" : `✓ ${cell.clean}`;
}

function short({ db, isolation, set }: GoldenTarget): string {
  const names = { postgres: "PG", mariadb: "Maria" } as const;
  const words = {
    "read-uncommitted": "RU",
    "read-committed": "RC",
    "repeatable-read": "RR",
    serializable: "SER",
  };
  return `${names[db]} ${words[isolation]}${set === undefined ? "" : "+SI"}`;
}

function settingsNote(): string {
  const { set } = targets.find((target) => target.set !== undefined) ?? {};
  const flags = Object.entries(set ?? {}).map(([name, value]) => `\`--set ${name}=${value}\``);
  return flags.length === 0 ? "" : `; RR+SI is REPEATABLE READ with ${flags.join(" ")}`;
}

/** What runs one entry again. */
function commandFor(source: string, target: GoldenTarget | undefined): string {
  const { seed, sessions, operations } = measured.search;
  return `isolab explore --workload ${source} --db ${target?.db ?? ""} --isolation ${target?.isolation ?? ""} --seed ${seed} --sessions ${sessions} --ops ${operations}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the tables below say, in words. Each claim names the entries that it rests on. */
const advice = [
  "- **SERIALIZABLE with a retry** is right without any thought about locks: `serializable-retry`, wherever a workload has it. The price is transactions that are refused and tried again; `isolab bench` tells how many in your case. Without the retry the work of those who were refused is gone.",
  "- **READ COMMITTED with the right statement** is right, too: one statement that does it all (`rmw-counter:atomic`, `bank:in-place`, `stock-decrement:conditional`, `metadata:atomic-json`), a `WHERE` that repeats what was read (`rmw-counter:optimistic`, `queue:conditional`), a lock on everything that the decision rests on (`for-update`, where the rows are there), or a unique key and another attempt (`register:unique`, `promote:unique-index`, `find-or-create:upsert`). `isolab bench` measures which of them is fastest where transactions meet as often as yours.",
  "- **A lock helps only on what it locks.** Rows that are not there yet are not locked (`predicate-skew:for-update`); rows that the decision rests on and that do not change are easily forgotten (`bank:lock-changed`). Lock, or change, a row that stands for the whole (`predicate-skew:materialized`, `write-skew:materialized`).",
  "- **PostgreSQL's REPEATABLE READ is a snapshot.** It refuses lost updates and shows whole transactions, and lets write skew and phantoms through. A lock that is waited for comes too late there: the snapshot was taken before (`register:for-update`, `register:advisory-lock`, `predicate-skew:lock-room`), so at that level change the row that you lock.",
  "- **InnoDB's REPEATABLE READ is less than it sounds**: plain reads see a snapshot, locking reads and updates do not, and the second of two who read and write is not refused (`rmw-counter:naive`, `metadata:optimistic-broken`, `fractured:noting`). `innodb_snapshot_isolation=ON` makes it a snapshot, and refuses the second one.",
  "- **READ UNCOMMITTED** on InnoDB shows what is taken back later or is halfway done, whatever the writers lock (`promote:for-update`, `bank:for-update`, `metrics:one-transaction`). There is no use for it.",
  "- **No level reaches across two transactions**: `voucher-once:separate-transactions`, `stock-decrement:separate-transactions`, `deploy:step-by-step`, `queue:scope` and `metrics:autocommit` are wrong at SERIALIZABLE, too. Put check and act into one transaction, or let the act check again.",
  "- **Trying again inside a transaction** is no remedy where the transaction is aborted (`register:poisoned-retry` on PostgreSQL) or sees the same snapshot (`register:savepoint-retry` at REPEATABLE READ): begin again from BEGIN.",
  "- **Deadlocks** are a matter of order (`deadlock:ordered`) or of a bounded retry (`deadlock:retry`); `NOWAIT` and `SKIP LOCKED` trade them for refusals.",
].join("\n");
