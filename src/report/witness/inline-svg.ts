import { escapeHtml } from "../html/escape-html.ts";

/**
 * Graphviz's SVG as an element of a page: without prolog, comments, and the ids and tool tips that several of them
 * would share, in the page's pixels, and with a name for those who do not see it.
 */
export function inlineSvg(svg: string, label: string): string {
  const from = svg.indexOf("<svg");
  return svg
    .slice(Math.max(0, from))
    .replaceAll(/<!--[\s\S]*?-->\n?/g, "")
    .replaceAll(/<title>[^<]*<\/title>\n?/g, "")
    .replaceAll(/<a(?: [^>]*)?>/g, "<g>")
    .replaceAll("</a>", "</g>")
    .replace(/<svg width="(\d+)pt" height="(\d+)pt"/, '<svg width="$1" height="$2"')
    .replaceAll(/ (?:id|xlink:title)="[^"]*"/g, "")
    .replace("<svg", `<svg role="img" aria-label="${escapeHtml(label)}"`)
    .trim();
}
