import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { check } from "../../src/checkers/check.ts";
import { parseHistory } from "../../src/history/load-history.ts";

/** A history that docs/elle.md shows: how to judge it, and what isolab is said to say. */
interface Shown {
  readonly workload: string;
  readonly model: string;
  readonly isolab: string;
  readonly elle: string;
  readonly text: string;
}

const shown = [...readFileSync("docs/elle.md", "utf8").matchAll(/```edn\n([^`]*)```/g)].map(
  ([, block]): Shown => {
    const head = /^ *;; --workload (\S+) --model (\S+)\n *;; isolab: (.*)\n *;; Elle: +(.*)\n/.exec(
      block ?? "",
    );
    const [first = "", workload = "", model = "", isolab = "", elle = ""] = head ?? [];
    return { workload, model, isolab, elle, text: (block ?? "").slice(first.length) };
  },
);

test("docs/elle.md shows a history for each kind of difference", () => {
  expect(shown).toHaveLength(5);
});

test.each(shown)("what docs/elle.md says of $model: $isolab", ({ workload, model, isolab, elle, text }) => {
  const verdict = check(parseHistory(text, "elle.edn").history, { workload, model });
  expect([String(verdict.valid), ...verdict.anomalyTypes].join(" ")).toBe(isolab);
  expect(elle).toMatch(/^(true|false|unknown)/);
});

test("an invalid verdict names a witness for whatever Elle leaves unnamed", () => {
  for (const { workload, model, text } of shown) {
    const { anomalies } = check(parseHistory(text, "elle.edn").history, { workload, model });
    expect(Object.keys(anomalies).filter((type) => type.endsWith("-cycle-exists"))).toEqual([]);
  }
});
