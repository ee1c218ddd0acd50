import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeEdnHistory } from "../../src/history/edn-history.ts";
import { historyBuilder } from "../../src/history/history-builder.ts";
import { HistoryError } from "../../src/history/history-error.ts";
import { encodeHeader, encodeJsonLines, encodeOperation } from "../../src/history/jsonl.ts";
import { parseHistory } from "../../src/history/load-history.ts";
import { header, operations, someHeader } from "./arbitraries.ts";

const good = '{"index":0,"time":0,"process":0,"type":"invoke","f":"txn","value":[["w","x",1]]}\n';
const first = `${encodeHeader(someHeader)}\n`;

function messageOf(text: string, name: string): string {
  try {
    parseHistory(text, name);
  } catch (error) {
    expect(error).toBeInstanceOf(HistoryError);
    return (error as Error).message;
  }
  return "nothing wrong";
}

/** Tests are named after what is expected; the texts are too long for that. */
function titled(cases: readonly [text: string, expected: string][]): [expected: string, text: string][] {
  return cases.map(([text, expected]) => [expected, text]);
}

describe("JSON lines", () => {
  test.each(titled([
    [
      good + good.replace("invoke", "okay").replace('"index":0', '"index":1'),
      '2:40: expected "type" to be invoke, ok, fail or info, got "okay"',
    ],
    [`${good}{"index":1,]\n`, '2:12: expected a member name in double quotes, got "]"'],
    [`\n\n{"index":1 "time":2}\n`, '3:12: expected "," or "}", got "\\""'],
    ['{"a":tru}\n', '1:6: expected a JSON value, got "t"'],
    ['{"a":01}\n', '1:7: expected "," or "}", got "1"'],
    ['{"a":"\t"}\n', '1:7: expected control characters to be escaped, got "\\t"'],
    ['{"a":"\\x"}\n', '1:8: expected one of " \\ / b f n r t u after the backslash, got "x"'],
    ['{"a":"\\u00g0"}\n', '1:11: expected four hexadecimal digits, got "g"'],
    ['{"a":1} {"b":2}\n', '1:9: expected the end of the line, got "{"'],
    ['{"a":1\n', '1:7: expected "," or "}", got the end'],
    ["hello\n", '1:1: expected a JSON value, got "h"'],
    ["{\n", "1:2: expected a member name in double quotes, got the end"],
    ["42\n", "1:1: expected an object with the fields of an operation, got 42"],
    [good.replace('"index":0', '"index":-1'), '1:10: expected "index" to be an integer from 0, got -1'],
    [good.replace('"index":0', '"index":1.5'), '1:10: expected "index" to be an integer from 0, got 1.5'],
    [good.replace('"time":0', '"time":"now"'), '1:19: expected "time" to be a number up to 2^53 - 1, got "now"'],
    [good.replace('"process":0,', ""), '1:1: expected "process" to be an integer from 0 to 2^31 - 1 or a name, got nothing'],
    [good.replace('"process":0', '"process":2147483648'), '1:31: expected "process" to be an integer from 0 to 2^31 - 1 or a name, got 2147483648'],
    [good.replace('"process":0', '"process":[]'), '1:31: expected "process" to be an integer from 0 to 2^31 - 1 or a name, got an array'],
    [good.replace('"txn"', "{}"), '1:53: expected "f" to be a name, got an object'],
    [
      good.replace('"x",1', '"x",9007199254740993'),
      '1:77: expected "value" to hold numbers up to 2^53 - 1 (larger ones would be merged; write them as strings), got 9007199254740992',
    ],
    [good.replace("1]]", `${"[".repeat(300)}${"]".repeat(300)}]]`), "expected \"value\" to hold at most 256 levels of nesting, got an array"],
    [good + first, "2:1: expected an operation, got a second header or one that does not come first"],
    [first + first, "2:1: expected an operation, got a second header or one that does not come first"],
    [first.replace('"isolab":1', '"isolab":2'), '1:11: expected "isolab" of the header to be 1 (this version of isolab reads format 1 only), got 2'],
    [first.replace('"stress"', '"x"'), '1:66: expected "mode" of the header to be one of stress, interleaved, got "x"'],
    [first.replace('"postgres"', '"oracle"'), 'expected "database.kind" of the header to be one of postgres, mysql, mariadb, got "oracle"'],
    [first.replace('"settings":{}', '"settings":{"a":1}'), '"database.settings" of the header to be an object of strings'],
    [first.replace('"params":{}', '"params":{"a":1e300}'), '"params.a" of the header to hold numbers up to 2^53 - 1'],
    [first.replace('"seed":"42"', '"seed":42'), '1:20: expected "seed" of the header to be a string, got 42'],
    ["", "the text is empty: it holds no history"],
  ]))("%s", (expected, text) => {
    const message = messageOf(text, "x.jsonl");
    expect(message).toMatch(/^x\.jsonl:(\d+:\d+:)? /);
    expect(message).toContain(expected);
  }); // prettier-ignore
});

describe("a JSON array", () => {
  test.each(
    titled([
      [
        `[\n  ${good.replace("invoke", "okay")}]`,
        '2:42: expected "type" to be invoke, ok, fail or info, got "okay"',
      ],
      [`[{"index":0,\n "time":0 x}]`, '2:11: expected "," or "}", got "x"'],
      [`[${good}`, '2:1: expected the closing "]" of the history, got the end of the file'],
      [`[${good}${good}]`, '2:1: expected "," or "]"'],
      [`[${good},]`, "2:2: expected an object with the fields of an operation"],
      [`[1]`, "1:2: expected an object with the fields of an operation"],
      [`[${good}] x`, "2:3: expected nothing after the history"],
      ['[{"a":"}', '1:9: expected the closing "]" of the history, got the end of the file'],
    ]),
  )("%s", (expected, text) => {
    expect(messageOf(text, "x.json")).toContain(`x.json:${expected}`);
  });
});

describe("EDN", () => {
  const line = "{:index 0, :time 0, :process 0, :type :ok, :f :txn, :value nil}\n";
  test.each(titled([
    [line + line.replace(":ok", ":okay"), "2:39: expected :type to be invoke, ok, fail or info, got :okay"],
    [`${line}{:index 1 :type}`, "2:1: expected a value for every key of the map that begins here"],
    [`${line}{:index 1`, '2:10: expected "}", got the end'],
    [`${line}  42`, "2:3: expected a map with the fields of an operation"],
    [`[${line}`, '2:1: expected "]" at the end of the history, got the end'],
    [`[${line}] ${line}`, '2:3: expected nothing after the history, got "{"'],
    [line.replace(":process 0, ", ""), "1:1: expected :process to be an integer from 0 to 2^31 - 1 or a name, got nothing"],
    [line.replace(":process 0", ":process [1]"), "1:30: expected :process to be an integer from 0 to 2^31 - 1 or a name, got an array"],
    [line.replace("nil", "[[:w 1 ^]]"), '1:67: expected a value of EDN, got "^"'],
    [line.replace(":index 0", ":index 9007199254740993"), "1:9: expected :index to be an integer from 0, got 9007199254740993"],
    [line + line, "2:1: expected an index above 0, got 0"],
    [`;; isolab ${first.replace('"stress"', '"x"')}${line}`, '1:76: expected "mode" of the header to be one of stress, interleaved, got "x"'],
    [`;; isolab {"isolab":1,\n${line}`, "1:23: expected a member name in double quotes, got the end"],
    [line.replace("nil", "[".repeat(100_000)), "at most 512 levels of nesting"],
    [line.replace("nil", `${"[".repeat(300)}${"]".repeat(300)}`), "1:60: expected :value to hold at most 256 levels of nesting"],
  ]))("%s", (expected, text) => {
    expect(messageOf(text, "x.edn")).toContain(expected);
    expect(messageOf(text, "x.edn")).toMatch(/^x\.edn:\d+:\d+: /);
  }); // prettier-ignore
});

describe("a torn last line", () => {
  const second = encodeOperation({
    index: 1,
    time: 1,
    process: 0,
    type: "ok",
    f: "é\n",
    value: [["w", "x", -1.5]],
  });

  test("is dropped with a warning wherever it is cut", () => {
    for (let cut = 1; cut < second.length; cut++) {
      const { history, warnings } = parseHistory(first + good + second.slice(0, cut), "x.jsonl");
      expect(history.length).toBe(1);
      expect(warnings).toEqual([
        "x.jsonl:3: the last line was torn by a crash of the recorder and is left out",
      ]);
    }
  });

  test("counts when only its newline is missing", () => {
    expect(parseHistory(good + second.replace("é\\n", "txn"), "x.jsonl")).toMatchObject({ history: { length: 2 }, warnings: [] }); // prettier-ignore
  });

  test("may be the header itself", () => {
    for (let cut = 1; cut < first.length - 1; cut++) {
      const { history, warnings } = parseHistory(first.slice(0, cut), "x.jsonl");
      expect(history).toMatchObject({ length: 0, header: null });
      expect(warnings).toHaveLength(2);
    }
  });

  test("is an error when it is wrong and not merely short", () => {
    expect(messageOf(`${good}{"index":1,]`, "x.jsonl")).toContain("x.jsonl:2:12: expected a member name");
    expect(messageOf('{"index":0,"ty', "x.jsonl")).toContain(
      "x.jsonl:1:15: expected the closing double quote",
    );
  });
});

test("mutated and truncated histories are read or refused, never anything else", () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.integer({ min: 0, max: 6 }),
    insert: fc.oneof(
      fc.constant(""),
      fc.constantFrom(
        "[",
        "]",
        "{",
        "}",
        '"',
        "\\",
        "#",
        "#_",
        ":",
        ";",
        "\n",
        "\r",
        ",",
        "9".repeat(400),
        "nil",
        "-",
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
  });
  const outcomes = { read: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.option(header),
      operations,
      fc.constantFrom("jsonl", "json", "edn"),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (head, lines, syntax, edits, truncate) => {
        const builder = historyBuilder(syntax === "json" ? null : head);
        for (const line of lines) builder.add(line);
        const history = builder.build();
        const written = [...(syntax === "edn" ? encodeEdnHistory(history) : encodeJsonLines(history))];
        let text = syntax === "json" ? `[${written.join(",")}]` : written.join("");
        for (const { at, drop, insert } of edits) {
          const cut = Math.floor(at * text.length);
          text = text.slice(0, cut) + insert + (truncate ? "" : text.slice(cut + drop));
        }
        try {
          parseHistory(text, `x.${syntax}`);
          outcomes.read++;
        } catch (error) {
          if (!(error instanceof HistoryError)) throw error;
          outcomes.refused++;
        }
      },
    ),
    { numRuns: 2000 },
  );
  // Both must happen, or the edits prove nothing.
  expect(outcomes.read).toBeGreaterThan(100);
  expect(outcomes.refused).toBeGreaterThan(500);
});

test("a hundred thousand brackets do not overflow the stack", () => {
  for (const opening of ["[", '{"a":']) {
    const text = good.replace("1]]", opening.repeat(100_000));
    expect(messageOf(text, "x.jsonl")).toContain("at most 256 levels of nesting");
  }
  const closed = good.replace("1]]", `${"[".repeat(100_000)}${"]".repeat(100_000)}]]`);
  expect(messageOf(closed, "x.jsonl")).toContain("at most 256 levels of nesting");
  expect(messageOf(`[${closed}]`, "x.json")).toContain("at most 256 levels of nesting");
});
