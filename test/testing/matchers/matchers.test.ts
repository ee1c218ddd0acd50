import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { historyBuilder } from "../../../src/history/history-builder.ts";
import { loadHistory } from "../../../src/history/load-history.ts";
import { historyMatchers } from "../../../src/testing/matchers/history-matchers.ts";
import "../../../src/vitest.ts";

const golden = (name: string): string => resolve(import.meta.dirname, "../../../histories", name);
const serial = golden("list-serial.jsonl");
const skew = golden("list-write-skew.jsonl");
const nothing = historyBuilder(null).build();

/** The message of an expectation that must fail. */
function failure(expectation: () => void): string {
  const error = thrownBy(expectation);
  // A matcher answers; it is the runner that throws, so that no frame is ours.
  expect(error.stack).not.toContain("src/testing");
  return error.message;
}

function thrownBy(expectation: () => void): Error {
  try {
    expectation();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("the expectation did not fail");
}

test("histories, paths, URLs, verdicts and what holds one of them can be asked about", async () => {
  const loaded = await loadHistory(skew);
  const subjects = [
    skew,
    pathToFileURL(skew),
    loaded,
    loaded.history,
    check(loaded.history, { model: "snapshot-isolation" }),
  ];
  for (const subject of [...subjects, { verdict: check(loaded.history, { model: "read-committed" }) }]) {
    expect(subject).not.toBeSerializable();
    expect(subject).toSatisfy("snapshot-isolation");
    expect(subject).toShow("write-skew");
    expect(subject).not.toShow("G1a");
  }
  expect(serial).toBeSerializable();
});

test("a failure names what was found and tells who did what", () => {
  expect(
    failure(() => {
      expect(skew).toBeSerializable();
    }),
  ).toMatchInlineSnapshot(`
    "the history is not serializable: it shows G2-item.

    G2-item
      T1 is txn by process 0 (index 2): read x → [], read y → [], append 1 to x
      T2 is txn by process 1 (index 3): read x → [], read y → [], append 1 to y
      rw       T1 did not see T2's append of 1 to y, though T2 committed it: T1 read []
      rw       T2 did not see T1's append of 1 to x, though T1 committed it: T2 read []"
  `);
  expect(
    failure(() => {
      expect(skew).not.toShow("write-skew");
    }),
  ).toMatchInlineSnapshot(`
    "the history shows write-skew.

    write-skew
      T1 is txn by process 0 (index 2): read x → [], read y → [], append 1 to x
      T2 is txn by process 1 (index 3): read x → [], read y → [], append 1 to y
      rw       T1 did not see T2's append of 1 to y, though T2 committed it: T1 read []
      rw       T2 did not see T1's append of 1 to x, though T1 committed it: T2 read []"
  `);
  expect(
    failure(() => {
      expect(serial).not.toSatisfy("serializable");
    }),
  ).toMatchInlineSnapshot(
    `"the history is serializable: of 5 operations that surely succeeded, none shows what it forbids."`,
  );
  expect(
    failure(() => {
      expect(skew).toShow("G1a");
    }),
  ).toMatchInlineSnapshot(`
    "the history does not show G1a: of 2 operations that surely succeeded, only G2-item was found.

    G2-item
      T1 is txn by process 0 (index 2): read x → [], read y → [], append 1 to x
      T2 is txn by process 1 (index 3): read x → [], read y → [], append 1 to y
      rw       T1 did not see T2's append of 1 to y, though T2 committed it: T1 read []
      rw       T2 did not see T1's append of 1 to x, though T1 committed it: T2 read []"
  `);
});

test("the page shows a failure as it is", () => {
  const message = failure(() => {
    expect(skew).toBeSerializable();
  });
  expect(readFileSync("docs/matchers.md", "utf8")).toContain(`\`\`\`text\n${message}\n\`\`\``);
});

test("what proves nothing fails both ways, and says so", () => {
  const both = (
    expectation: (is: ReturnType<typeof expect<unknown>>) => void,
    subject: unknown,
  ): string[] => [
    failure(() => {
      expectation(expect(subject));
    }),
    failure(() => {
      expectation(expect(subject).not);
    }),
  ];
  const [plain, negated] = both((is) => {
    is.toBeSerializable();
  }, nothing);
  expect(plain).toMatchInlineSnapshot(`
    "No operation surely succeeded, so the history proves nothing.

    What proves nothing passes neither this expectation nor its opposite."
  `);
  expect(negated).toBe(plain);
  for (const [subject, words] of [
    ["no-such-file.jsonl", /no-such-file\.jsonl/],
    [new URL("https://example.org/h.jsonl"), /read from a file/],
    [42, /not number/],
    [Promise.resolve(nothing), /a promise; await it first/],
  ] as const)
    for (const message of both((is) => {
      is.toShow("G1a");
    }, subject))
      expect(message).toMatch(words);
});

test("a name that does not exist is refused with those near it", () => {
  expect(
    failure(() => {
      expect(serial).not.toShow("write-skwe");
    }),
  ).toMatch(/^there is no anomaly "write-skwe"; did you mean write-skew/);
  expect(
    failure(() => {
      expect(serial).toSatisfy("snapshot");
    }),
  ).toMatch(/^there is no model "snapshot"; did you mean .*snapshot-isolation/);
  expect(
    failure(() => {
      expect(serial).toShow("serializable");
    }),
  ).toMatch(/"serializable" is a model, not an anomaly/);
  expect(
    failure(() => {
      expect(serial).toSatisfy("G1a");
    }),
  ).toMatch(/"G1a" is an anomaly, not a model/);
  expect(
    failure(() => {
      expect(serial).toBeSerializable({ workload: "nonsense" });
    }),
  ).toMatch(/nonsense/);
});

test("vitest's own toSatisfy works as before", () => {
  expect(4).toSatisfy((value: number) => value > 3);
  expect(2).not.toSatisfy((value: number) => value > 3);
  expect({ age: 20 }).toEqual({ age: expect.toSatisfy((age: number) => age > 18) as number });
  expect(
    failure(() => {
      expect(2).toSatisfy((value: number) => value > 3, "more than three");
    }),
  ).toMatch(/to satisfy:\nmore than three/);
});

test("they match inside of values, too", () => {
  const result = { history: skew };
  expect(result).toEqual({ history: expect.toShow("write-skew") });
  expect(result).toEqual({ history: expect.not.toBeSerializable() });
  expect(result).not.toEqual({ history: expect.toBeSerializable() });
  expect({ history: nothing }).not.toEqual({ history: expect.not.toShow("G1a") });
});

test("they need no runner", () => {
  const { pass, message } = historyMatchers.toShow.call({}, skew, "G2-item");
  expect(pass).toBe(true);
  expect(message()).toMatch(/^the history shows G2-item\./);
});
