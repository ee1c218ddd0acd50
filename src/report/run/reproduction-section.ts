import { escapeHtml } from "../html/escape-html.ts";
import { type LockStep, lockSteps } from "./lock-steps.ts";
import type { ReproFiles } from "./recorded-run.ts";
import { shellQuoted } from "./shell-quoted.ts";

/** A bound: rows of the table; longer reproductions are given as text alone. */
const mostRows = 400;

/** A bound: characters of the text, which is a file of the run as well. */
const longestText = 400_000;

/** The shrunken interleaving as SQL, a column for each session and time running down; empty where there is none. */
export function reproductionSection(repro: ReproFiles | undefined): string {
  if (repro === undefined) return "";
  const steps = lockSteps(repro.sql);
  const copied = repro.sql.slice(0, longestText);
  const cut = copied.length < repro.sql.length ? " (cut here; the file has all of it)" : "";
  return `<h2 id="reproduction-title">Reproduction</h2>
<p>The smallest interleaving that was found to show it. Paste each statement into the terminal of its session, from top to bottom; what the server answered stands below it.</p>
<div class="command"><code id="command-replay">${escapeHtml(`npx isolab replay ${shellQuoted(repro.directory)}`)}</code> <button type="button" data-copy="command-replay" hidden>Copy<span class="said"> the command that replays it</span></button></div>
${steps === undefined || steps.length > mostRows ? "" : stepTable(steps)}
<details><summary>repro.sql, with set-up and clean-up${cut}</summary>
<p><button type="button" data-copy="repro-sql" hidden>Copy all of it</button></p>
<pre id="repro-sql" class="wide" tabindex="0">${escapeHtml(copied)}</pre></details>`;
}

function stepTable(steps: readonly LockStep[]): string {
  const sessions = [...new Set(steps.map(({ session }) => session))].sort();
  const rows = steps.map(({ session, sql, notes }, i) => {
    const cells = sessions.map((other) =>
      other === session
        ? `<td data-session="${escapeHtml(session)}">${cell(sql, notes)}</td>`
        : '<td class="idle"></td>',
    );
    return `<tr><th scope="row" class="number">${i + 1}</th>${cells.join("")}</tr>`;
  });
  const heads = sessions.map((session) => {
    const id = `session-${escapeHtml(session)}`;
    const own = steps.filter((step) => step.session === session && step.sql !== "");
    const text = own.map(({ sql }) => `${sql};`).join("\n");
    return `<th scope="col">session ${escapeHtml(session)} <button type="button" data-copy="${id}" hidden>Copy<span class="said"> the statements of session ${escapeHtml(session)}</span></button><span id="${id}" hidden>${escapeHtml(text)}</span></th>`;
  });
  return `<div class="wide"><table class="steps"><caption class="said">Statements by session, in the order of execution</caption>
<thead><tr><th scope="col"><span class="said">step</span></th>${heads.join("")}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
}

function cell(sql: string, notes: readonly string[]): string {
  const statement = sql === "" ? "" : `<code>${escapeHtml(sql)};</code>`;
  const answers = notes.length === 0 ? "" : `<span class="answer">${escapeHtml(notes.join("\n"))}</span>`;
  return statement + answers;
}
