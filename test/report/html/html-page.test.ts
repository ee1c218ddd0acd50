import { createHash } from "node:crypto";
import { expect, test } from "vitest";

import { browserScript } from "../../../src/report/html/browser-script.ts";
import { htmlPage, jsonElement } from "../../../src/report/html/html-page.ts";

test("the policy names the page's own script and style, and nothing else", () => {
  const page = htmlPage({ title: "a <b>", style: "p {}", body: "<p>", script: "let a;" });
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    "img-src data:",
    `style-src ${hash("p {}")}`,
    `script-src ${hash("let a;")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page).toContain("<title>a &lt;b&gt;</title>");
  expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.indexOf("<style>"));
});

test("a page without a script allows none", () => {
  expect(htmlPage({ title: "", style: "", body: "" })).toContain("script-src 'none'");
});

test("data cannot end its element, and is the same when it is read", () => {
  const value = { text: "</script><!--<script>", list: [1, null] };
  const element = jsonElement("data", value);
  const inner = element.slice(element.indexOf(">") + 1, element.lastIndexOf("</script>"));
  expect(inner).not.toContain("<");
  expect(JSON.parse(inner)).toEqual(value);
});

test("the page's script is one script without imports, and each of its names is declared once", () => {
  const script = browserScript("page");
  expect(script).not.toMatch(/^\s*(?:import|export)\b/m);
  expect(script).not.toMatch(/<\/script|<!--/i);
  const names = [...script.matchAll(/^(?:async )?(?:function|const|let|class) (\w+)/gm)].map(
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
