import { lookUp } from "../../checkers/explain/known-names.ts";
import { anomalyDescriptions } from "../../checkers/models/descriptions/anomaly-descriptions.ts";
import { valueText } from "../../checkers/explain/value-text.ts";
import type { Cases } from "../../checkers/cases.ts";
import { type Verdict, witnessesPerType } from "../../checkers/verdict.ts";
import { escapeHtml } from "../html/escape-html.ts";
import type { SvgRenderer } from "../witness/svg-renderer.ts";
import { witnessFigure } from "./witness-figure.ts";

/** A bound: pictures of a page; further witnesses are told in words. */
const mostPictures = 24;

/** Every anomaly of a verdict: what it means, then its witnesses. What is forbidden comes first. */
export async function anomalySection(verdict: Verdict, renderer: SvgRenderer): Promise<string> {
  const { anomalyTypes, observed, model } = verdict;
  const allowed = observed.filter((name) => !anomalyTypes.includes(name));
  if (anomalyTypes.length + allowed.length === 0)
    return `<h2 id="anomalies-title">Anomalies</h2>\n<p>None was found.</p>`;
  const pictures = { left: mostPictures };
  const articles: string[] = [];
  for (const name of anomalyTypes)
    articles.push(await article(name, verdict, { tag: "forbidden", kind: "bad", pictures, renderer }));
  for (const name of allowed)
    articles.push(
      await article(name, verdict, { tag: `allowed by ${model}`, kind: "doubt", pictures, renderer }),
    );
  return `<h2 id="anomalies-title">Anomalies</h2>\n${articles.join("\n")}`;
}

interface Telling {
  readonly tag: string;
  readonly kind: "bad" | "doubt";
  readonly pictures: { left: number };
  readonly renderer: SvgRenderer;
}

async function article(
  name: string,
  { anomalies, cases = {} }: Verdict,
  { tag, kind, pictures, renderer }: Telling,
): Promise<string> {
  const witnesses = Object.hasOwn(anomalies, name) ? (anomalies[name] ?? []) : [];
  const figures: string[] = [];
  for (const [i, witness] of witnesses.entries()) {
    const drawer = pictures.left-- > 0 ? renderer : undefined;
    figures.push(await witnessFigure(name, witness, i, drawer));
  }
  const [first = "", ...more] = figures;
  const kept = keptText(witnesses.length, Object.hasOwn(cases, name) ? cases[name] : undefined);
  return `<article class="anomaly">
<h3>${escapeHtml(valueText(name))} <span class="tag ${kind}">${escapeHtml(tag)}</span></h3>
${meaning(name)}
${first}
${more.length === 0 ? "" : `<details><summary>${more.length === 1 ? "1 more case" : `${more.length} more cases`}</summary>\n${more.join("\n")}\n</details>`}
${kept}
</article>`;
}

/** How many cases there are beside those that are shown; empty where these are all. */
function keptText(shown: number, cases: Cases | undefined): string {
  const all = Math.max(cases?.count ?? 0, shown);
  const more = cases?.more ?? shown >= witnessesPerType;
  if (all <= shown && !more) return "";
  const figure = cases === undefined ? "" : ` of ${all}${more ? " or more" : ""}`;
  const bound = `a verdict keeps no more than ${witnessesPerType} of each anomaly`;
  return `<p class="faint small">${shown}${figure} ${shown === 1 ? "case is" : "cases are"} shown, the shortest first: ${bound}.</p>`;
}

/** In a sentence; anomalies of a workload's own invariants have none. */
function meaning(name: string): string {
  const canonical = lookUp(name)?.name ?? "";
  if (!Object.hasOwn(anomalyDescriptions, canonical)) return "";
  const known = anomalyDescriptions[canonical];
  if (known === undefined) return "";
  const sentence = known.summary.charAt(0).toUpperCase() + known.summary.slice(1);
  return `<p>${escapeHtml(sentence)}. <span class="faint"><code>npx isolab explain ${escapeHtml(name)}</code> says more.</span></p>`;
}
