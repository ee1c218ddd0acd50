import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";

import { check, type CheckOptions } from "../../src/checkers/check.ts";
import type { Validity } from "../../src/checkers/verdict.ts";
import { encodeEdnHistory } from "../../src/history/edn-history.ts";
import { encodeJsonLines } from "../../src/history/jsonl.ts";
import { loadHistory, parseHistory } from "../../src/history/load-history.ts";
import { complaints } from "../checkers/doubt/justify/complaints.ts";

/** What `NAME.verdict.json` says. */
interface Expected {
  readonly shows: string;
  readonly options?: CheckOptions;
  /** A part of the reason, where nothing can be known. */
  readonly because?: string;
  readonly models: Readonly<
    Record<
      string,
      {
        readonly valid: Validity;
        readonly anomalyTypes: readonly string[];
        readonly not: readonly string[];
        readonly alsoNot: readonly string[];
      }
    >
  >;
}

const folder = resolve(import.meta.dirname, "../../histories");
const files = readdirSync(folder)
  .filter((file) => file !== "schedules")
  .sort();
const names = files.filter((file) => /\.(?:jsonl|edn)$/.test(file));

const expectedOf = (file: string): Expected =>
  JSON.parse(readFileSync(resolve(folder, file.replace(/\.[a-z]+$/, ".verdict.json")), "utf8")) as Expected;

describe.each(names)("%s", (file) => {
  const expected = expectedOf(file);

  test(expected.shows, async () => {
    const { history, warnings } = await loadHistory(resolve(folder, file));
    expect(warnings).toEqual([]);
    const verdicts = Object.fromEntries(
      Object.keys(expected.models).map((model) => {
        const verdict = check(history, { ...expected.options, model });
        if (expected.because !== undefined) expect(verdict.because).toContain(expected.because);
        expect(complaints(history, verdict, expected.options)).toEqual([]);
        const { valid, anomalyTypes, not, alsoNot } = verdict;
        return [model, { valid, anomalyTypes, not, alsoNot }];
      }),
    );
    expect(verdicts).toEqual(expected.models);
  });

  test("gets the same verdict in the other syntax", async () => {
    const { history } = await loadHistory(resolve(folder, file));
    const isEdn = file.endsWith(".edn");
    const text = [...(isEdn ? encodeJsonLines(history) : encodeEdnHistory(history))].join("");
    const other = parseHistory(text, isEdn ? "other.jsonl" : "other.edn").history;
    for (const model of Object.keys(expected.models)) {
      const judged = check(other, { ...expected.options, model });
      expect(judged).toMatchObject(expected.models[model]!);
    }
  });
});

test("every history has a verdict and a line in the README, and nothing else is there", () => {
  const readme = readFileSync(resolve(folder, "README.md"), "utf8");
  const told = [...readme.matchAll(/^\| `([^`]+)` +\| (.*?) +\|$/gm)].map(([, file, shows]) => [file, shows]);
  expect(told.sort()).toEqual(names.map((file) => [file, expectedOf(file).shows]));
  const verdicts = names.map((file) => file.replace(/\.[a-z]+$/, ".verdict.json"));
  expect(files).toEqual(["README.md", ...names, ...verdicts].sort());
});
