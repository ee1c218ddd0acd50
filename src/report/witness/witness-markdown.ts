import { lookUp } from "../../checkers/explain/known-names.ts";
import type { WitnessView } from "../../checkers/explain/witness-view.ts";
import type { Witness } from "../../checkers/verdict.ts";
import { codeBlock, escaped } from "../markdown/escape.ts";

/** The drawing that belongs to a witness: the SVG's file name, or the graph and why it was not drawn. */
export type Picture = { readonly svg: string } | { readonly dot: string; readonly reason: string };

/**
 * A witness as a Markdown document: what was found, a sentence per edge with what decides in bold, each
 * transaction's micro-operations cut to what decides, and the picture.
 */
export function witnessMarkdown(
  anomaly: string,
  witness: Witness,
  view: WitnessView,
  picture: Picture,
): string {
  const parts = [
    `# ${escaped(anomaly)}`,
    ...(view.steps.length === 0
      ? [escaped(witness.explanation)]
      : ["Each of these transactions came before the next, and the last before the first:", steps(view)]),
    ...("svg" in picture ? [`![The transactions and their dependencies](${picture.svg})`] : []),
    "## Transactions",
    ...view.transactions.flatMap(({ name, operation, lines }) => [
      `**${name}** ${escaped(operation)}`,
      ...(lines.length === 0
        ? []
        : [codeBlock(lines.map(({ text, decides }) => `${decides ? "→" : " "} ${text}`))]),
    ]),
    ...("svg" in picture
      ? []
      : [
          "## Graph",
          `There is no picture: ${escaped(picture.reason)}. This is the graph in Graphviz's language:`,
          codeBlock(picture.dot.trimEnd().split("\n"), "dot"),
        ]),
    ...(lookUp(anomaly) === undefined
      ? []
      : [`\`isolab explain ${anomaly}\` says what the anomaly is and who prevents it.`]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function steps({ transactions, steps: edges }: WitnessView): string {
  return edges
    .map(({ from, to, type, sentence, decides }, i) => {
      const mark = decides ? "**" : "";
      const who = `${transactions[from]?.name ?? ""} → ${transactions[to]?.name ?? ""}`;
      return `${i + 1}. ${who} (\`${type}\`): ${mark}${escaped(sentence)}.${mark}`;
    })
    .join("\n");
}
