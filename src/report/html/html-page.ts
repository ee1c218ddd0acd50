import { createHash } from "node:crypto";

import { escapeHtml } from "./escape-html.ts";

/** The parts of a page. */
export interface HtmlPage {
  readonly title: string;
  readonly style: string;
  /** HTML. Whatever stands in it that is not ours has been escaped. */
  readonly body: string;
  /** Runs once the body is there. */
  readonly script?: string;
}

/**
 * One HTML file that needs nothing else. A content security policy lets run this very script and style (by their
 * SHA-256), and nothing else that may have got into the page: no attribute, no element, no network.
 */
export function htmlPage({ title, style, body, script }: HtmlPage): string {
  const policy = [
    "default-src 'none'",
    "img-src data:",
    `style-src ${hashOf(style)}`,
    `script-src ${script === undefined ? "'none'" : hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === undefined ? "" : `<script>${script}</script>\n`}</body>
</html>
`;
}

/** JSON as an element that a script of the page finds by its id. It cannot end early, whatever its strings hold. */
export function jsonElement(id: string, value: unknown): string {
  const json = JSON.stringify(value).replaceAll("<", "\\u003c");
  return `<script type="application/json" id="${escapeHtml(id)}">${json}</script>`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
