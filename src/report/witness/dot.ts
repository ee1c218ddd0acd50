import { keyName } from "../../checkers/explain/value-text.ts";
import type { StepView } from "../../checkers/explain/witness-view.ts";
import { wrap } from "../explanation/wrap.ts";
import { edgeLook, palette } from "./colours.ts";
import type { TransactionNode, WitnessGraph } from "./witness-graph.ts";

/** What stands beside the graph. */
export interface Caption {
  /** The anomaly. */
  readonly title: string;
  readonly lines: readonly string[];
}

/** Graphviz measures text by the first two fonts' metrics only when they are named alone. */
const sans = "Arial";
const mono = "Courier New";
const captionWidth = 88;
/** A bound: more boxes than this stand below each other. */
const longestRow = 3;
/** A bound: characters of a key on an edge. */
const keyCharacters = 24;

/**
 * The graph in Graphviz's language: transactions as boxes with their micro-operations, edges by kind,
 * what decides in bold, the sentences below. Whatever stands in keys and values is escaped.
 * @param caption left out where the sentences stand elsewhere
 */
export function dot(graph: WitnessGraph, caption?: Caption): string {
  const isRow = graph.nodeCount() <= longestRow;
  const nodes = graph.nodes().map((name) => `  ${quoted(name)} [label=${box(name, graph.node(name))}];`);
  const edges = graph.edges().map(({ v, w, name }) => {
    const step = graph.edge({ v, w, name: name ?? "" });
    // Below each other, edges from line to line would run around the boxes.
    const [tail, head] = isRow ? [port(v, step.fromLine), port(w, step.toLine)] : [quoted(v), quoted(w)];
    return `  ${tail} -> ${head} [${edgeAttributes(step)}];`;
  });
  // Without edges the boxes would stand one above the other in no order.
  const names = edges.length > 0 ? [] : graph.nodes();
  const order = names
    .slice(1)
    .map((name, i) => `  ${quoted(names[i] ?? "")} -> ${quoted(name)} [style=invis];`);
  return [
    `digraph ${quoted(caption?.title ?? "")} {`,
    `  graph [bgcolor=${quoted(palette.paper)}, rankdir=${isRow ? "LR" : "TB"}, pad=0.35, nodesep=0.55, ranksep=${isRow ? 1.5 : 0.7}, splines=spline, fontname=${quoted(sans)}, fontsize=13${caption === undefined ? "" : `, labelloc=b, labeljust=l, label=${captionLabel(caption)}`}];`,
    `  node [shape=plain, fontname=${quoted(sans)}, fontsize=13, fontcolor=${quoted(palette.ink)}];`,
    `  edge [fontname=${quoted(sans)}, fontsize=12, arrowsize=0.8];`,
    ...nodes,
    ...edges,
    ...order,
    "}",
    "",
  ].join("\n");
}

function box(name: string, { operation, lines }: TransactionNode): string {
  const head = `<TR><TD ALIGN="LEFT" CELLPADDING="7" PORT="head"><B>${html(name)}</B>  <FONT COLOR="${palette.faint}">${html(operation)}</FONT></TD></TR>`;
  const rows = lines.map(({ text, decides }, i) => {
    const inner = `<FONT FACE="${mono}">${decides ? `<B>${html(text)}</B>` : html(text)}</FONT>`;
    const mark = decides ? ` BGCOLOR="${palette.mark}"` : "";
    return `<TR><TD ALIGN="LEFT" PORT="line${i}"${mark}>${inner}</TD></TR>`;
  });
  const rule = rows.length > 0 ? "<HR/>" : "";
  const foot = rows.length > 0 ? '<TR><TD HEIGHT="5" CELLPADDING="0"></TD></TR>' : "";
  return `<<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="5" STYLE="ROUNDED" COLOR="${palette.line}" BGCOLOR="${palette.box}">${head}${rule}${rows.join("")}${foot}</TABLE>>`;
}

function edgeAttributes(step: StepView): string {
  const { colour, style, words } = edgeLook(step.type);
  const key = step.key === undefined ? "" : ` on ${keyName(step.key, keyCharacters)}`;
  const gap = '<TD WIDTH="8"></TD>';
  const label = [
    '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">',
    `<TR>${gap}<TD><FONT COLOR="${colour}"><B>${html(words)}</B></FONT></TD></TR>`,
    `<TR>${gap}<TD><FONT COLOR="${colour}" POINT-SIZE="11">${html(step.type + key)}</FONT></TD></TR>`,
    `<TR>${gap}<TD HEIGHT="4"></TD></TR></TABLE>>`,
  ].join("");
  return [
    `label=${label}`,
    `color=${quoted(colour)}`,
    `style=${quoted(step.decides ? `bold,${style}` : style)}`,
    `penwidth=${step.decides ? "2.6" : "1.3"}`,
    `tooltip=${quoted(step.sentence)}`,
    `labeltooltip=${quoted(step.sentence)}`,
  ].join(", ");
}

function port(name: string, line: number | undefined): string {
  return `${quoted(name)}:${line === undefined ? "head" : `line${line}`}`;
}

function captionLabel({ title, lines }: Caption): string {
  const rows = lines.map((line) => {
    const wrapped = wrap(line, captionWidth).map(html).join('<BR ALIGN="LEFT"/>');
    return `<TR><TD ALIGN="LEFT" BALIGN="LEFT">${wrapped}</TD></TR>`;
  });
  const head = `<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="16"><B>${html(title)}</B></FONT></TD></TR>`;
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4"><TR><TD HEIGHT="14"></TD></TR>${head}${rows.join("")}</TABLE>>`;
}

/** A string of Graphviz's: quotes and backslashes escaped, so that no escape sequence means anything. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Text inside an HTML-like label, where Graphviz still takes two backslashes for one. */
function html(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("\\", "\\\\")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
