import { escapeHtml } from "../html/escape-html.ts";

/**
 * Graphviz's SVG as an element of a page: without prolog, comments, and the ids and tool tips that several of them
 * would share, and with a name for those who do not see it.
 */
export function inlineSvg(svg: string, label: string): string {
  const from = svg.indexOf("<svg");
  return svg
    .slice(Math.max(0, from))
    .replaceAll(/<!--[\s\S]*?-->\n?/g, "")
    .replaceAll(/<title>[^<]*<\/title>\n?/g, "")
    .replaceAll(/<a(?: [^>]*)?>/g, "<g>")
    .replaceAll("</a>", "</g>")
    .replaceAll(/ (?:id|xlink:title)="[^"]*"/g, "")
    .replace("<svg", `<svg role="img" aria-label="${escapeHtml(label)}"`)
    .trim();
}
