import { valueText } from "../../checkers/explain/value-text.ts";
import type { Header } from "../../history/header.ts";
import { escapeHtml } from "../html/escape-html.ts";
import { outcomesText } from "../terminal/outcomes.ts";
import { shellQuoted } from "./shell-quoted.ts";
import type { RecordedRun } from "./recorded-run.ts";

/** A bound: rows of the table of operations by name. */
const mostNames = 50;

const products = { postgres: "PostgreSQL", mysql: "MySQL", mariadb: "MariaDB" } as const;

/** What the page is called. */
export function titleOf({ history: { header }, directory }: RecordedRun): string {
  return header === null ? directory : `${workloadOf(header)} at ${header.isolation}`;
}

/** The answer, what was asked, and how to ask again. */
export function verdictSection(run: RecordedRun): string {
  const { header } = run.history;
  const where = header === null ? "A history without a header: nothing says what was run." : placeOf(header);
  return `<h1 id="verdict-title">${escapeHtml(titleOf(run))}</h1>
<p class="lead">${escapeHtml(where)}</p>
${banner(run)}
<div class="columns">
<div>${facts(run)}</div>
<div>${countsTable(run)}</div>
</div>
${commands(run)}`;
}

function workloadOf({ workload, variant }: Header): string {
  return variant === undefined ? workload : `${workload}:${variant}`;
}

function placeOf({ database, isolation, seed, mode }: Header): string {
  const how = mode === "interleaved" ? "one statement at a time" : "all sessions at once";
  return `${products[database.kind]} ${database.version} at ${isolation.replace("-", " ").toUpperCase()}, ${how}, seed ${seed}`;
}

function banner({ verdict, judgedAnew }: RecordedRun): string {
  const { valid, model, anomalyTypes, because, not, alsoNot, notes, crashed = [], outcomes } = verdict;
  const [kind, word, sentence] =
    valid === "unknown"
      ? ([
          "doubt",
          "? Unknown",
          `${capital((because ?? "the history proves too little").replace(/\.$/, ""))}.`,
        ] as const)
      : valid
        ? ([
            "good",
            "✓ Valid",
            `Nothing that ${model} or the workload's invariants forbid was found.`,
          ] as const)
        : ([
            "bad",
            "✗ Invalid",
            `${anomalyTypes.join(", ")}: ${model} or the workload's invariants forbid this.`,
          ] as const);
  const more = [
    ...(not.length === 0
      ? []
      : [`Not ${not.join(", not ")}${alsoNot.length === 0 ? "" : `; so neither ${alsoNot.join(", ")}`}.`]),
    ...(outcomes === undefined ? [] : [`${outcomesText(outcomes)}.`]),
    ...notes.map((note) => `Note: ${note}`),
    ...crashed,
    ...(judgedAnew ? ["The run left no verdict: the history was judged for this page."] : []),
  ];
  return `<div class="banner ${kind}"><p class="word">${word}</p><p>${escapeHtml(sentence)}</p>${more
    .map((text) => `<p class="small">${escapeHtml(text)}</p>`)
    .join("")}</div>`;
}

function facts({ history, verdict, schedule, sessions }: RecordedRun): string {
  const { header } = history;
  const { ok, fail, info } = verdict.counts;
  const settings = Object.entries(header?.database.settings ?? {});
  const params = Object.entries(header?.params ?? {})
    .filter(([name]) => name !== "sessions" && name !== "operations")
    .map(([name, value]) => `${name}=${valueText(value)}`);
  const planned = header?.params.operations;
  const rows: readonly (readonly [string, string])[] = [
    ...(sessions === undefined ? [] : [["Sessions", `${sessions}`] as const]),
    [
      "Operations",
      `${typeof planned === "number" ? `${number(planned)} planned; ` : ""}${number(ok + fail + info)} attempts, retries and reads at rest included`,
    ],
    ["Judged by", verdict.model],
    ...(schedule === undefined
      ? []
      : [["Schedule", `${schedule.strategy}, ${number(schedule.steps.length)} steps`] as const]),
    ...(params.length === 0 ? [] : [["Parameters", params.join(", ")] as const]),
    ...(settings.length === 0
      ? []
      : [["Server", settings.map(([name, value]) => `${name}=${value}`).join(", ")] as const]),
  ];
  return `<dl class="facts">${rows
    .map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`)
    .join("")}</dl>`;
}

function countsTable({ verdict: { counts } }: RecordedRun): string {
  const names = Object.entries(counts.byF);
  const row = (name: string, { ok, fail, info }: { ok: number; fail: number; info: number }): string =>
    `<tr><th scope="row">${name}</th>${[ok, fail, info].map((count) => `<td class="number">${number(count)}</td>`).join("")}</tr>`;
  const left = names.length - mostNames;
  return `<table class="counts"><caption class="said">Operations by outcome</caption>
<thead><tr><th scope="col">operation</th><th scope="col" class="number">ok</th><th scope="col" class="number">fail</th><th scope="col" class="number">info</th></tr></thead>
<tbody>${names
    .slice(0, mostNames)
    .map(([name, count]) => row(escapeHtml(valueText(name)), count))
    .join("")}</tbody>${names.length > 1 ? `<tfoot>${row("all", counts)}</tfoot>` : ""}</table>
${left > 0 ? `<p class="faint">and ${left} more names</p>` : ""}
<p class="faint small"><b>ok</b> surely committed, <b>fail</b> surely did not, <b>info</b> nobody knows.</p>`;
}

function commands({ history, hasPlan, directory, command }: RecordedRun): string {
  const quoted = shellQuoted(directory);
  const canReplay = history.header !== null && hasPlan;
  const rows: readonly (readonly [string, string])[] = [
    ...(canReplay ? [["Run it again", `npx isolab replay ${quoted}`] as const] : []),
    ...(command === undefined
      ? []
      : [["The same from its seed", ["npx", "isolab", ...command.map(shellQuoted)].join(" ")] as const]),
    ["Judge it again", `npx isolab check ${shellQuoted(`${directory}/history.jsonl`)}`],
  ];
  return rows
    .map(
      ([name, command], i) =>
        `<div class="command"><span class="faint">${name}</span> <code id="command-${i}">${escapeHtml(command)}</code> <button type="button" data-copy="command-${i}" hidden>Copy<span class="said"> the command: ${name}</span></button></div>`,
    )
    .join("\n");
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
