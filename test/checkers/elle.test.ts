import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { check } from "../../src/checkers/check.ts";
import { encodeEdnHistory } from "../../src/history/edn-history.ts";
import { encodeJsonLines } from "../../src/history/jsonl.ts";
import { parseHistory } from "../../src/history/load-history.ts";
import { header } from "./support/notation.ts";

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
  expect(shown).toHaveLength(6);
});

test.each(shown)("what docs/elle.md says of $model: $isolab", ({ workload, model, isolab, elle, text }) => {
  const verdict = check(parseHistory(text, "elle.edn").history, { workload, model });
  expect([String(verdict.valid), ...verdict.anomalyTypes].join(" ")).toBe(isolab);
  expect(elle).toMatch(/^(true|false|unknown)/);
});

test("an invalid verdict shows a cycle for whatever Elle leaves unnamed", () => {
  const unnamed = shown.flatMap(({ workload, model, text }) => {
    const { anomalies } = check(parseHistory(text, "elle.edn").history, { workload, model });
    return Object.entries(anomalies).filter(([type]) => type.endsWith("-cycle-exists"));
  });
  expect(unnamed.map(([type]) => type)).toEqual(["strong-PL-2-cycle-exists"]);
  for (const [, [witness]] of unnamed) expect(witness?.steps).toHaveLength(2);
});

test("what docs/elle.md says of the same histories in JSONL: every name that holds", () => {
  const typesOf = ({ workload, model, text }: Shown): readonly string[] => {
    const lines = [...encodeJsonLines(parseHistory(text, "elle.edn").history)].join("");
    return check(parseHistory(lines, "elle.jsonl").history, { workload, model }).anomalyTypes;
  };
  const strict = shown.find(({ model }) => model === "strict-serializable");
  const strong = shown.find(({ model }) => model === "strong-snapshot-isolation");
  expect(strict === undefined ? [] : typesOf(strict)).toEqual(["G-single-item-realtime", "G1c-realtime"]);
  expect(strong === undefined ? [] : typesOf(strong)).toEqual(["G-single-item-realtime", "lost-update"]);
});

describe("a value that nobody wrote", () => {
  const edn = shown.find(({ workload }) => workload === "rw-register")?.text ?? "";
  const { history } = parseHistory(edn, "elle.edn");
  const options = { workload: "rw-register", model: "read-committed" };

  test("is noted in EDN, and was there before", () => {
    expect(history.beginning).toBe("as-read");
    expect(check(history, options)).toMatchObject({
      valid: true,
      notes: [
        "The operation with index 1 read 7 in :x, which no operation of the history wrote; it was taken for a value that was there before, as Elle does.",
      ],
    });
  });

  test("makes the verdict unknown in JSONL", () => {
    const lines = parseHistory([...encodeJsonLines(history)].join(""), "elle.jsonl").history;
    expect(lines.beginning).toBe("unknown");
    const { valid, because } = check(lines, options);
    expect(valid).toBe("unknown");
    expect(because).toContain("read 7 in :x");
  });

  test("is garbage in a run that began empty, in either syntax", () => {
    const ours = { ...history, header: header(), beginning: "empty" } as const;
    for (const [text, name] of [
      [[...encodeEdnHistory(ours)].join(""), "run.edn"],
      [[...encodeJsonLines(ours)].join(""), "run.jsonl"],
    ] as const) {
      const loaded = parseHistory(text, name).history;
      expect(loaded.beginning).toBe("empty");
      expect(check(loaded, options).anomalyTypes).toEqual(["garbage-read"]);
    }
  });
});
