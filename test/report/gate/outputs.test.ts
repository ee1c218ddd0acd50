import { describe, expect, test } from "vitest";

import type { GateLine } from "../../../src/report/gate/complaint-text.ts";
import { githubAnnotations } from "../../../src/report/gate/github.ts";
import { junitXml } from "../../../src/report/gate/junit.ts";
import { gateMarkdown } from "../../../src/report/gate/markdown.ts";

const hostile = `<script>&"' ]]> \u0000 100% \n::error::x | \` #`;

function line(changes: Partial<GateLine> = {}): GateLine {
  return {
    name: "postgres register:naive read-committed",
    target: "postgres",
    workload: "register",
    variant: "naive",
    isolation: "read-committed",
    version: "18.4",
    seconds: 1.25,
    shown: ["duplicate-version"],
    complaints: [],
    ...changes,
  };
}

const failed = line({
  complaints: [{ kind: "forbidden", anomaly: "duplicate-version", where: "search" }],
  explanation: hostile,
  replay: "npx isolab replay --token isl1x",
});
const unknown = line({ target: "mariadb", complaints: [{ kind: "unknown", because: hostile }] });

describe("JUnit XML", () => {
  const xml = junitXml([line(), failed, unknown]);

  test("has a suite for each server, and counts failures and errors", () => {
    expect(xml).toContain('<testsuites name="isolab gate" tests="3" failures="1" errors="1" time="3.750">');
    expect(xml).toContain(
      '<testsuite name="isolab gate postgres" tests="2" failures="1" errors="0" time="2.500">',
    );
    expect(xml).toContain(
      '<testsuite name="isolab gate mariadb" tests="1" failures="0" errors="1" time="1.250">',
    );
    expect(xml).toContain(
      '<testcase classname="isolab.postgres.register" name="naive at read-committed" time="1.250"/>',
    );
  });

  test("is well-formed whatever the data hold", () => {
    const stack: string[] = [];
    for (const [, slash, name, selfClosing] of xml.matchAll(/<(\/?)([a-z]+)(?:\s+[a-z]+="[^"<]*")*(\/?)>/g)) {
      if (slash === "/") expect(stack.pop()).toBe(name);
      else if (selfClosing !== "/") stack.push(name ?? "");
    }
    expect(stack).toEqual([]);
    const texts = xml.replaceAll(/<[?/]?[a-z][^>]*>/g, "");
    expect(texts).not.toMatch(/<|&(?!amp;|lt;|gt;|quot;|#10;)/);
    expect(texts).not.toContain("\u0000");
  });

  test("says how to show it again", () => {
    expect(xml).toContain("Show it again: npx isolab replay --token isl1x");
  });
});

test("GitHub annotations are one line each, errors for failures and warnings for what proved nothing", () => {
  const annotations = githubAnnotations([line(), failed, unknown], "isolab.baseline.json");
  expect(annotations).toHaveLength(2);
  expect(annotations[0]).toMatch(/^::error file=isolab\.baseline\.json,title=isolab%3A postgres /);
  expect(annotations[1]).toMatch(/^::warning /);
  for (const annotation of annotations) expect(annotation).not.toContain("\n");
  expect(annotations[1]).toContain("100%25");
});

test("Markdown puts what failed first, and nothing in it is markup of the data's", () => {
  const text = gateMarkdown([line(), failed, unknown]);
  expect(text).toMatch(/^### ✗ isolab gate: 2 of 3 cells/);
  expect(text).not.toContain("<script>");
  expect(text.indexOf("**postgres")).toBeLessThan(text.indexOf("| ✓ |"));
  expect(gateMarkdown([line()])).toMatch(/^### ✓ isolab gate: all 1 cells/);
});
