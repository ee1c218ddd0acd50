import { stepsOf, type ReproStep } from "../../src/report/reproduction/read-repro.ts";
import { codeBlock, escaped, markdownTable } from "../../src/report/markdown/escape.ts";
import type { Verdict } from "../../src/checkers/verdict.ts";
import {
  anomalies,
  entryOf,
  read,
  targets,
  type GoldenAnomaly,
  type GoldenEntry,
} from "./golden-schedules.ts";

/** All golden schedules as one document, in Markdown: `docs/schedules.md`. */
export function schedulesPage(): string {
  const parts = [
    "# The smallest schedule of each anomaly",
    "What it takes to see each of the classic anomalies on PostgreSQL and MariaDB: for every isolation level that allows one, two transactions in lock-step. `isolab explore` found each of them on the real server and shrank it; the tests execute each of them again and get the same history, byte for byte.",
    "A folder holds `plan.json`, `schedule.json`, `history.jsonl`, `verdict.json`, and what a person takes along: `repro.sql` to be pasted into two terminals, `repro.json`, and for PostgreSQL `repro.spec` for its own isolation tester.",
    codeBlock(
      [
        "isolab replay histories/schedules/lost-update-postgres-read-committed",
        "isolab replay histories/schedules/dirty-read-mariadb-read-uncommitted --workload ./test/support/workloads/append-or-abort.ts",
        "isolab replay histories/schedules/write-skew-mariadb-repeatable-read-snapshot-isolation --set innodb_snapshot_isolation=ON",
        "node scripts/golden-schedules.mjs lost-update     # find and shrink them again, with the seeds in table.json",
      ],
      "sh",
    ),
    "## Who allows what",
    "A link leads to a schedule that shows the anomaly at that level. Where there is a dash, the tests execute every interleaving of such a plan at that level, equivalent ones left out, and none shows it. PostgreSQL's READ UNCOMMITTED is its READ COMMITTED.",
    overview(),
    ...anomalies.flatMap(sectionOf),
  ];
  return `${parts.join("\n\n")}\n`;
}

function overview(): string {
  const rows = targets.map((target) => [
    escaped(target.title),
    ...anomalies.map((anomaly) => {
      const entry = entryOf(anomaly, target);
      return entry === undefined ? "—" : `[yes](${link(entry)})`;
    }),
  ]);
  return markdownTable(["level", ...anomalies.map(({ title }) => escaped(title.toLowerCase()))], rows);
}

function sectionOf(anomaly: GoldenAnomaly): readonly string[] {
  const found = targets.flatMap((target) => entryOf(anomaly, target) ?? []);
  const groups = new Map<string, GoldenEntry[]>();
  for (const entry of found) {
    const lines = lockStep(entry).join("\n");
    groups.set(lines, [...(groups.get(lines) ?? []), entry]);
  }
  return [
    `## ${escaped(anomaly.title)}`,
    `${escaped(anomaly.summary)} isolab calls it \`${anomaly.anomaly}\`; workload \`${anomaly.workload}\`.`,
    ...[...groups].flatMap(([lines, same]) => [
      `${same.map((entry) => `[${escaped(entry.target.title)}](${link(entry)})`).join(", ")}:`,
      codeBlock(lines.split("\n"), "text"),
      ...same.flatMap(({ target }) => escaped(anomaly.notes?.[target.name] ?? "") || []),
    ]),
    ...(found[0] === undefined ? [] : [`What isolab says of the first one: ${escaped(finding(found[0]))}`]),
  ];
}

function link({ name }: GoldenEntry): string {
  return `../histories/schedules/${name}/`;
}

function finding(entry: GoldenEntry): string {
  const { anomalies: found } = JSON.parse(read(entry, "verdict.json")) as Verdict;
  const explanation = found[entry.anomaly.anomaly]?.[0]?.explanation ?? "";
  return explanation.replace(`${entry.anomaly.anomaly}: `, "");
}

/** One line for each statement, each session in its own column. */
function lockStep(entry: GoldenEntry): readonly string[] {
  const text = read(entry, "repro.sql");
  const [head = ""] = text.split("\n", 1);
  const section = (from: string, to: string): readonly ReproStep[] =>
    stepsOf(`${head}\n${text.slice(text.indexOf(from), text.indexOf(to))}`);
  const steps = section("-- ---- The interleaving", "-- ---- At rest");
  const rest = section("-- ---- At rest", "-- ---- Clean-up");
  return [
    ...steps.map((step) => `${step.session === "A" ? "A  " : "          B  "}${short(step)}`),
    ...rest.map((step) => `at rest  ${short(step)}`),
  ];
}

/** A statement in one line, with the rows it answered; the end of an upsert is left out. */
function short({ sql, notes }: ReproStep): string {
  const statement = sql
    .replaceAll(/\s+/g, " ")
    .replace(/^BEGIN.*/, "BEGIN")
    .replace(/ (on conflict|on duplicate key) .*/, " $1 …");
  const waits = notes.some((note) => note.startsWith("waits")) ? "  (waits)" : "";
  return `${statement}${waits}${answer(notes)}`;
}

function answer(notes: readonly string[]): string {
  if (notes.some((note) => note.startsWith("0 rows"))) return "  → nothing";
  const rows = rowsIn(notes).map((cells) => (cells.length === 1 ? cells.join("") : `(${cells.join(", ")})`));
  return rows.length === 0 ? "" : `  → ${rows.join(", ")}`;
}

/** The cells of the table below a statement, without its head. */
export function rowsIn(notes: readonly string[]): readonly (readonly string[])[] {
  const [head = "", ...rows] = notes.filter((note) => note.startsWith("  ")).map((note) => note.slice(2));
  const starts = [...head.matchAll(/\S+/g)].map(({ index }) => index);
  return rows.map((row) => starts.map((start, i) => row.slice(start, starts[i + 1]).trim()));
}
