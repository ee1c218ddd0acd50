import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { witnessView, type WitnessView } from "../../checkers/explain/witness-view.ts";
import type { Verdict, Witness } from "../../checkers/verdict.ts";
import { dot } from "./dot.ts";
import type { Drawing, SvgRenderer } from "./svg-renderer.ts";
import { witnessGraph } from "./witness-graph.ts";
import { type Picture, witnessMarkdown } from "./witness-markdown.ts";

/** The files of one witness. */
export interface WrittenWitness {
  readonly anomaly: string;
  /** Names within the directory. */
  readonly files: readonly string[];
  /** Why there is no SVG, where there is none. */
  readonly reason?: string;
}

/** A bound: witnesses of more transactions are not drawn; their graph is still written. */
export const drawnTransactions = 24;

/**
 * Writes every witness of a verdict as `ANOMALY-N.md`, `.dot` and `.svg` into a directory, which is made
 * where it does not exist. Where Graphviz cannot draw one, the Markdown holds the graph and the reason.
 * @throws the file system's error when a file cannot be written.
 */
export async function writeWitnesses(
  directory: string,
  { anomalies }: Pick<Verdict, "anomalies">,
  renderer: SvgRenderer,
): Promise<readonly WrittenWitness[]> {
  await mkdir(directory, { recursive: true });
  const written: WrittenWitness[] = [];
  for (const [anomaly, witnesses] of Object.entries(anomalies))
    for (const [i, witness] of witnesses.entries())
      written.push(
        await writeWitness(directory, anomaly, `${fileName(anomaly)}-${i + 1}`, witness, renderer),
      );
  return written;
}

async function writeWitness(
  directory: string,
  anomaly: string,
  name: string,
  witness: Witness,
  renderer: SvgRenderer,
): Promise<WrittenWitness> {
  const view = witnessView(witness);
  const text = witnessDot(anomaly, witness, view);
  const drawing = await draw(text, view, renderer);
  const svg = `${name}.svg`;
  const picture: Picture = "svg" in drawing ? { svg } : { dot: text, reason: drawing.reason };
  const files: readonly (readonly [string, string])[] = [
    [`${name}.md`, witnessMarkdown(anomaly, witness, view, picture)],
    [`${name}.dot`, text],
    ...("svg" in drawing ? [[svg, drawing.svg] as const] : []),
  ];
  for (const [file, content] of files) await writeFile(join(directory, file), content);
  return {
    anomaly,
    files: files.map(([file]) => file),
    ...("svg" in drawing ? {} : { reason: drawing.reason }),
  };
}

/** A witness in Graphviz's language, with its sentences below. */
export function witnessDot(anomaly: string, witness: Witness, view: WitnessView): string {
  const lines =
    view.steps.length === 0
      ? [witness.explanation]
      : view.steps.map(({ sentence }, i) => `${i + 1}. ${sentence}.`);
  return dot(witnessGraph(view), { title: anomaly, lines });
}

async function draw(text: string, { transactions }: WitnessView, renderer: SvgRenderer): Promise<Drawing> {
  if (transactions.length > drawnTransactions)
    return {
      reason: `it has ${transactions.length} transactions, and at most ${drawnTransactions} are drawn`,
    };
  return renderer.draw(text);
}

/** Anomalies of a user's own checker may be called anything. */
function fileName(anomaly: string): string {
  return anomaly.replaceAll(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "_") || "anomaly";
}
