import { type StepView, type WitnessView, witnessView } from "../../checkers/explain/witness-view.ts";
import type { Witness } from "../../checkers/verdict.ts";
import { escapeHtml } from "../html/escape-html.ts";
import { dot } from "../witness/dot.ts";
import { inlineSvg } from "../witness/inline-svg.ts";
import type { Drawing, SvgRenderer } from "../witness/svg-renderer.ts";
import { witnessGraph } from "../witness/witness-graph.ts";
import { drawnTransactions } from "../witness/write-witnesses.ts";

/** A bound: edges and transactions that are told in words; the verdict has all of them. */
const mostTold = 60;

/**
 * A witness as a picture beside the words: a sentence per edge, and each transaction, which can be looked up in the
 * timeline.
 *
 * @param renderer undefined where no picture is wanted any more
 */
export async function witnessFigure(
  anomaly: string,
  witness: Witness,
  position: number,
  renderer: SvgRenderer | undefined,
): Promise<string> {
  const view = witnessView(witness);
  const indices = witness.cycle.map(({ index }) => index);
  const drawing = await draw(view, renderer);
  const name = `${anomaly}, case ${position + 1}`;
  return `<figure class="witness">
${picture(drawing, `${name}: ${view.transactions.length} transactions and what leads from one to the other`)}
<figcaption>
${sentences(witness, view, anomaly)}
${transactions(view, indices)}
${indices.length === 0 ? "" : `<button type="button" data-show="${indices.join(" ")}" hidden>Show in the timeline<span class="said">: ${escapeHtml(name)}</span></button>`}
</figcaption>
</figure>`;
}

async function draw(view: WitnessView, renderer: SvgRenderer | undefined): Promise<Drawing> {
  const { length } = view.transactions;
  if (renderer === undefined) return { reason: "there are many pictures on this page already" };
  if (length === 0) return { reason: "nothing is left to draw" };
  if (length > drawnTransactions)
    return { reason: `it has ${length} transactions, and at most ${drawnTransactions} are drawn` };
  return renderer.draw(dot(witnessGraph(view)));
}

function picture(drawing: Drawing, label: string): string {
  if ("reason" in drawing)
    return `<p class="faint small picture">No picture: ${escapeHtml(drawing.reason)}.</p>`;
  return `<div class="picture wide" role="group" tabindex="0" aria-label="Picture">${inlineSvg(drawing.svg, label)}</div>`;
}

function sentences(witness: Witness, { transactions, steps }: WitnessView, anomaly: string): string {
  if (steps.length === 0)
    return `<p>${escapeHtml(capital(witness.explanation.replace(`${anomaly}: `, "")))}</p>`;
  const name = (at: number): string => escapeHtml(transactions[at]?.name ?? "");
  const item = ({ from, to, type, sentence, decides }: StepView): string =>
    `<li${decides ? ' class="decides"' : ""}><span class="edge ${edgeClass(type)}">${name(from)} → ${name(to)} ${type}</span> ${escapeHtml(sentence)}.</li>`;
  return `<p>Each came before the next, and the last before the first:</p>\n<ol>${steps.slice(0, mostTold).map(item).join("")}</ol>${rest(steps.length)}`;
}

function transactions({ transactions: all }: WitnessView, indices: readonly number[]): string {
  const items = all.slice(0, mostTold).map(({ name, operation, lines }, i) => {
    const did = lines.map(({ text, decides }) =>
      decides ? `<mark>${escapeHtml(text)}</mark>` : escapeHtml(text),
    );
    return `<li><button type="button" class="link" data-show="${indices[i] ?? ""}" disabled>${escapeHtml(name)}</button> ${escapeHtml(operation)}<br><code>${did.join("<br>")}</code></li>`;
  });
  return `<details class="transactions"><summary>${all.length === 1 ? "The transaction" : `The ${all.length} transactions`}</summary><ul>${items.join("")}</ul>${rest(all.length)}</details>`;
}

function rest(length: number): string {
  return length <= mostTold ? "" : `<p class="faint small">and ${length - mostTold} more in verdict.json</p>`;
}

function edgeClass(type: string): string {
  return ["ww", "wr", "rw"].find((kind) => type.startsWith(kind)) ?? "order";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
