import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";

import { compareMarkdown } from "../../../src/report/compare/compare-markdown.ts";
import { comparePage } from "../../../src/report/compare/compare-page.ts";
import type { CompareView } from "../../../src/report/compare/compare-view.ts";
import { fittedTable } from "../../../src/report/terminal/fitted-table.ts";
import { matrixText } from "../../../src/report/terminal/matrix.ts";
import { safeLevelsText } from "../../../src/report/terminal/safe-levels.ts";
import { plain } from "../../../src/report/terminal/style.ts";
import { cell, clean, hostile, hostileView, unproven, view } from "./views.ts";

/** Of every page: without it browsers ask for one. */
const emptyIcon = '<link rel="icon" href="data:,">';

describe("the page", () => {
  const page = comparePage(view, "runs/matrix");

  test("shows by mark and by colour what each cell comes to, and leads to its run", () => {
    const fields = [
      ...page.matchAll(/<td class="([\w-]+)"(?: title="[^"]*")?><a href="([^"]*)">(.) ([^<]*)</g),
    ].map(([, ...parts]) => parts);
    const run = "./1-postgres%20register%23naive/";
    expect(fields).toEqual([
      ["wrong-1", run, "✗", "duplicate-version"],
      ["unknown", run, "?", "unknown"],
      ["clean", run, "✓", "nothing"],
      ["allowed", run, "~", "G2"],
    ]);
    expect(page).toContain("<h2>postgres 18.4 #1</h2>");
    expect(page).toContain("<h2>postgres 18.4 #2</h2>");
  });

  test("is deeper the more kinds of anomalies are forbidden and there", () => {
    const many = { ...cell, forbidden: ["a", "b", "c", "d"] };
    expect(comparePage({ ...view, cells: [many] }, ".")).toContain('<td class="wrong-3">');
  });

  test("may run nothing, load nothing, and has one style sheet, which it knows", () => {
    const [, policy = ""] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page) ?? [];
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const digest = createHash("sha256").update(style).digest("base64");
    expect(policy).toBe(
      `default-src 'none'; img-src data:; style-src 'sha256-${digest}'; script-src 'none'; base-uri 'none'; form-action 'none'`,
    );
    expect(page.replace(emptyIcon, "")).not.toMatch(/<script|<img|<link|style=|\son\w+=/);
  });

  test("is the same page whatever things are called", () => {
    const tags = (html: string): readonly string[] =>
      [...html.matchAll(/<\/?([a-z]\w*)/gi)].map(([tag]) => tag);
    const harmless = comparePage(
      JSON.parse(
        JSON.stringify(hostileView).replaceAll(JSON.stringify(hostile).slice(1, -1), "harmless"),
      ) as CompareView,
      ".",
    );
    const page = comparePage(hostileView, ".");
    expect(tags(page)).toEqual(tags(harmless));
    const links = page.replace(emptyIcon, "");
    expect(links).not.toMatch(/href="(?!\.\/)/);
    const [, ...attributes] = links.split(/href="/).map((part) => part.split('"')[0]);
    for (const href of attributes) expect(href).toMatch(/^\.\/[\w%./!~*'()-]*\/$/);
  });

  test("every colour is the style sheet's", () => {
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    for (const [, name = ""] of style.matchAll(/var\((--\w+)\)/g)) expect(style).toContain(`${name}: #`);
  });
});

describe("Markdown", () => {
  test("has a row for each cell and for each lowest level, of as many columns as the head", () => {
    for (const text of [compareMarkdown(view), compareMarkdown(hostileView)]) {
      const tables = text.split("\n\n").filter((block) => block.startsWith("|"));
      expect(tables).toHaveLength(2);
      for (const block of tables) {
        const widths = block.split("\n").map((row) => row.replaceAll("\\|", "").split("|").length);
        expect(new Set(widths).size).toBe(1);
      }
    }
    expect(compareMarkdown(view).match(/^\| postgres 18\.4 \\#\d \|/gm)).toHaveLength(4);
    expect(compareMarkdown(hostileView)).not.toMatch(/<(?!br>)|^# heading|(?<!\\)\[x\]/m);
  });

  test("tells what is missing", () => {
    const text = compareMarkdown({ ...view, missing: 2, shard: { index: 1, of: 3 } });
    expect(text).toContain("shard 1 of 3; 4 cells, **2 missing**");
  });
});

describe("the terminal", () => {
  test("tells what was seen, how often, and what was not", () => {
    const text = matrixText([cell, unproven, clean], plain, undefined).replaceAll("\u00a0", " ");
    expect(text).toContain("~ G2: 1 in 2, first 9");
    expect(text).toContain("✗ duplicate-version: 3+ in 7, first 12");
    expect(text).toContain("? unknown: no commit");
    expect(text).toContain("398 of 400");
    expect(text).toContain("lost-update should have shown");
    expect(text).toContain(
      "Allowed there, and not seen:\n  register:naive on postgres 18.4: lost-update at read-committed",
    );
  });

  test.each([80, 100, 120])("fits into %i columns", (columns) => {
    for (const line of matrixText([cell, unproven, clean], plain, columns).split("\n"))
      expect(line.length).toBeLessThanOrEqual(columns);
  });

  test("a column is never narrower than its longest word, and no word is lost", () => {
    const text = "one two-and-a-half three";
    const lines = fittedTable([[[{ text: "a" }], [{ text }]]], 5).split("\n");
    expect(lines).toEqual(["a  one", "    two-and-a-half", "    three"]);
  });

  test("ends with the lowest safe level of each variant", () => {
    expect(safeLevelsText(view.safe, plain).split("\n").slice(0, 2)).toEqual([
      "register:naive on postgres 18.4 #1: safe from serializable (broken at read-committed; proved nothing at repeatable-read)",
      "register:naive on postgres 18.4 #2: no level is safe: broken at read-committed; what is allowed shows at serializable; proved nothing at repeatable-read",
    ]);
  });
});
