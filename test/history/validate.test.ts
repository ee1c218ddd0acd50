import { describe, expect, test } from "vitest";
import { encodeHeader } from "../../src/history/jsonl.ts";
import { parseHistory } from "../../src/history/load-history.ts";
import { someHeader } from "./arbitraries.ts";

/** One line in the notation `index process type f`. */
function lines(...notations: readonly string[]): string {
  return notations
    .map((notation) => {
      const [index, process, type, f] = notation.split(" ");
      const actor = process === "nemesis" ? '"nemesis"' : process;
      return `{"index":${index},"time":0,"process":${actor},"type":"${type}","f":"${f}","value":null}\n`;
    })
    .join("");
}

function problemOf(text: string): string | undefined {
  try {
    parseHistory(text, "x.jsonl");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const ours = (text: string): string => `${encodeHeader(someHeader)}\n${text}`;

describe("no history may have", () => {
  test.each<[string, string, string]>([
    ["an index twice", lines("0 0 invoke a", "0 0 ok a"), "2:1: expected an index above 0, got 0"],
    ["a decreasing index", lines("5 0 invoke a", "3 0 ok a"), "2:1: expected an index above 5, got 3"],
    [
      "a completion of another function",
      lines("0 0 invoke a", "1 1 invoke b", "2 0 ok b"),
      "3:1: expected process 0 to complete a (operation 0), got ok of b",
    ],
  ])("%s", (_, text, expected) => {
    expect(problemOf(text)).toBe(`x.jsonl:${expected}`);
    expect(problemOf(ours(text))).toBe(
      `x.jsonl:${expected.replace(/^\d+/, (line) => String(Number(line) + 1))}`,
    );
  });
});

describe("a history of ours, not one of others, may not have", () => {
  test.each<[string, string, string]>([
    [
      "an invocation while an operation is open",
      lines("0 0 invoke a", "1 0 invoke a"),
      "3:1: expected process 0 to complete its operation 0 first, got another invoke",
    ],
    [
      "a process that acts after info",
      lines("0 0 invoke a", "1 0 info a", "2 0 invoke a"),
      "4:1: expected process 0 to stay silent after its operation ended in info, got invoke of a",
    ],
    [
      "a completion without an invocation",
      lines("0 0 invoke a", "1 0 ok a", "2 0 ok a"),
      "4:1: expected process 0 to have invoked something, got ok without an invocation",
    ],
  ])("%s", (_, text, expected) => {
    expect(problemOf(text)).toBeUndefined();
    expect(problemOf(ours(text))).toBe(`x.jsonl:${expected}`);
  });

  test("a missing index, time or f", () => {
    expect(problemOf(ours('{"time":0,"process":0,"type":"ok","f":"a"}'))).toContain(
      '"index" to be an integer',
    );
    expect(problemOf(ours('{"index":0,"process":0,"type":"ok","f":"a"}'))).toContain('"time" to be a number');
    expect(problemOf(ours('{"index":0,"time":0,"process":0,"type":"ok"}'))).toContain('"f" to be a name');
  });
});

test("the nemesis reports again and again, alone or in pairs", () => {
  const text = lines(
    "0 nemesis info kill",
    "1 nemesis invoke heal",
    "2 nemesis info heal",
    "3 nemesis info kill",
  );
  expect([...parseHistory(ours(text), "x.jsonl").history.pair]).toEqual([-1, 2, 1, -1]);
});

test("an operation that never completes is fine, at the end and for ever", () => {
  const { history } = parseHistory(ours(lines("0 0 invoke a", "1 1 invoke a", "2 1 ok a")), "x.jsonl");
  expect([...history.pair]).toEqual([-1, 2, 1]);
});

test("overlapping operations of one process of others are told of once", () => {
  const { warnings } = parseHistory(
    lines("0 0 invoke a", "1 0 invoke b", "2 0 invoke c", "3 0 ok a"),
    "x.jsonl",
  );
  expect(warnings).toEqual([
    "x.jsonl: operation 1: expected process 0 to complete its operation 0 first, got another invoke; such operations are not paired",
  ]);
});
