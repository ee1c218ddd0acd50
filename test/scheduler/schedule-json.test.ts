import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { ScheduleError } from "../../src/scheduler/schedule-error.ts";
import { decodeSchedule, encodeSchedule } from "../../src/scheduler/schedule-json.ts";
import type { Schedule } from "../../src/scheduler/schedule.ts";
import { schedules } from "./schedules.ts";

const example: Schedule = {
  isolab: 1,
  seed: "42",
  strategy: "random",
  schedule: 3,
  steps: [
    {
      move: { kind: "grant", session: 1 },
      ready: [0, 1],
      blocked: [],
      points: [{ operation: 7, attempt: 0, kind: "query" }],
      outcomes: [{ session: 1, rows: 2 }],
    },
    {
      move: { kind: "overlap", sessions: [1, 0] },
      ready: [0, 1],
      blocked: [2],
      points: [
        { operation: 7, attempt: 1, kind: "commit" },
        { operation: 0, attempt: 0, kind: "query" },
      ],
      outcomes: [
        { session: 1, done: true },
        { session: 0, blocked: true },
        { session: 2, error: "40001" },
      ],
      racy: true,
    },
    {
      move: { kind: "fault", fault: "kill-connection", session: 0 },
      ready: [2],
      blocked: [0],
      points: [],
      outcomes: [{ session: 0, error: 1317 }],
    },
  ],
};

const text = `{"isolab":1,"seed":"42","strategy":"random","schedule":3,"steps":[
{"move":{"kind":"grant","session":1},"ready":[0,1],"blocked":[],"points":[{"operation":7,"attempt":0,"kind":"query"}],"outcomes":[{"session":1,"rows":2}]},
{"move":{"kind":"overlap","sessions":[1,0]},"ready":[0,1],"blocked":[2],"points":[{"operation":7,"attempt":1,"kind":"commit"},{"operation":0,"attempt":0,"kind":"query"}],"outcomes":[{"session":1,"done":true},{"session":0,"blocked":true},{"session":2,"error":"40001"}],"racy":true},
{"move":{"kind":"fault","fault":"kill-connection","session":0},"ready":[2],"blocked":[0],"points":[],"outcomes":[{"session":0,"error":1317}]}
]}
`;

/** The same value with the fields of all objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, reversed(item)])); // prettier-ignore
}

describe("encodeSchedule", () => {
  test("writes exactly these bytes, one step per line", () => {
    expect(encodeSchedule(example)).toBe(text);
    expect(encodeSchedule({ ...example, steps: [] })).toBe(`${text.slice(0, text.indexOf("\n"))}]}\n`);
  });

  test("does not depend on the order of fields in memory, and leaves out what is none of its own", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(encodeSchedule(reversed(schedule) as Schedule)).toBe(encodeSchedule(schedule));
      }),
    );
    const more = { ...example, note: 1, steps: example.steps.map((step) => ({ ...step, note: 1 })) };
    expect(encodeSchedule(more)).toBe(text);
  });
});

describe("decodeSchedule", () => {
  test("gives back every schedule there is, and the same bytes when it is encoded again", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const encoded = encodeSchedule(schedule);
        expect(decodeSchedule(encoded)).toEqual(schedule);
        expect(encodeSchedule(decodeSchedule(encoded))).toBe(encoded);
      }),
    );
  });

  test("reads what a person has laid out anew or added fields to", () => {
    expect(decodeSchedule(JSON.stringify({ ...example, note: 1 }, null, 4))).toEqual(example);
  });

  test.each([
    ["no JSON", [text.slice(0, 200), 2, "", "got the end"]],
    ["a comma too much", [text.replace('"rows":2}]', '"rows":2},]'), 2, "]}", 'got "]"']],
    [
      "no object",
      ["[]", 1, "[]", 'expected the "isolab" and "steps" of a run\'s schedule.json, got an array'],
    ],
    ["a history", ['{"isolab":1,"seed":"42"}\n', 1, "{", 'the "isolab" and "steps"']],
    [
      "a later version",
      [
        text.replace('b":1', 'b":2'),
        1,
        "2,",
        '"isolab" to be 1 (this isolab reads version 1; use the one that wrote it), got 2',
      ],
    ],
    ["a seed that is no string", [text.replace('"42"', "42"), 1, "42,", '"seed" to be a string, got 42']],
    [
      "a strategy that is no string",
      [text.replace('"random"', "null"), 1, "null", '"strategy" to be a string, got null'],
    ],
    [
      "a negative number",
      [text.replace(":3,", ":-3,"), 1, "-3", '"schedule" to be an integer from 0, got -3'],
    ],
    [
      "steps in an object",
      ['{"isolab":1,"seed":"","strategy":"","schedule":0,"steps":{}}', 1, "{}", '"steps" to be an array'],
    ],
    [
      "a step that is no object",
      [text.replace(/\n.*\]\},\n/, "\nnull,\n"), 2, "null", '"steps[0]" to be an object, got null'],
    ],
    [
      "a session that is not ready",
      [
        text.replace('"session":1}', '"session":5}'),
        2,
        "5}",
        '"steps[0].move.session" to be a session that is ready, got 5',
      ],
    ],
    [
      "another kind of move",
      [
        text.replace("grant", "wake"),
        2,
        '"wake"',
        '"steps[0].move.kind" to be one of grant, overlap, fault, got "wake"',
      ],
    ],
    [
      "an overlap of one",
      [
        text.replace("[1,0]", "[1,1]"),
        3,
        "[1,1]",
        '"steps[1].move.sessions" to be two sessions that are ready',
      ],
    ],
    [
      "a fault without a name",
      [
        text.replace('"kill-connection"', "7"),
        4,
        "7",
        '"steps[2].move.fault" to be the name of a fault, got 7',
      ],
    ],
    [
      "sessions out of order",
      [text.replace("[0,1]", "[1,0]"), 2, "[1,0]", '"steps[0].ready" to be an array of sessions, ascending'],
    ],
    [
      "half a session blocked",
      [
        text.replace('"blocked":[2]', '"blocked":[0.5]'),
        3,
        "[0.5]",
        '"steps[1].blocked" to be an array of sessions',
      ],
    ],
    [
      "a session ready and blocked",
      [
        text.replace('"blocked":[2]', '"blocked":[1,2]'),
        3,
        "1,2]",
        '"steps[1].blocked[0]" to be a session that is not ready too, got 1',
      ],
    ],
    [
      "too few points",
      [
        text.replace(/"points":\[\{[^}]*\}\]/, '"points":[]'),
        2,
        "[],",
        '"steps[0].points" to have length 1, got 0',
      ],
    ],
    [
      "a point of another kind",
      [
        text.replace('"query"', '"begin"'),
        2,
        '"begin"',
        '"steps[0].points[0].kind" to be one of query, commit, rollback, think, got "begin"',
      ],
    ],
    [
      "a point without an attempt",
      [
        text.replace('"attempt":1,', ""),
        3,
        '{"operation":7',
        '"steps[1].points[0].attempt" to be an integer from 0, got nothing',
      ],
    ],
    [
      "an outcome without a meaning",
      [
        text.replace('"rows":2', '"lines":2'),
        2,
        '{"session":1,"lines"',
        '"steps[0].outcomes[0]" to have one of rows, affected, done, error, blocked, deferred, got an object',
      ],
    ],
    [
      "an outcome with two",
      [
        text.replace('"rows":2', '"rows":2,"done":true'),
        2,
        '{"session":1,"rows"',
        '"steps[0].outcomes[0]" to have one of',
      ],
    ],
    [
      "an outcome of nobody",
      [
        text.replace('{"session":1,"rows":2}', '{"rows":2}'),
        2,
        '{"rows":2}',
        '"steps[0].outcomes[0].session" to be an integer from 0, got nothing',
      ],
    ],
    [
      "half a row",
      [
        text.replace('"rows":2', '"rows":0.5'),
        2,
        "0.5",
        '"steps[0].outcomes[0].rows" to be an integer from 0, got 0.5',
      ],
    ],
    [
      "a blocked that is false",
      [
        text.replace('"blocked":true', '"blocked":false'),
        3,
        "false",
        '"steps[1].outcomes[1].blocked" to be true, got false',
      ],
    ],
    [
      "an error that is an object",
      [
        text.replace('"error":1317', '"error":{}'),
        4,
        "{}",
        '"steps[2].outcomes[0].error" to be an error code, a string or an integer',
      ],
    ],
    [
      "a racy that is false",
      [
        text.replace('"racy":true', '"racy":false'),
        3,
        "false",
        '"steps[1].racy" to be true or absent, got false',
      ],
    ],
  ] as const)("refuses %s at its place", (_, [malformed, line, there, what]) => {
    expect(malformed).not.toBe(text);
    let thrown: unknown;
    try {
      decodeSchedule(malformed, "runs/1/schedule.json");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ScheduleError);
    const { message, location } = thrown as ScheduleError;
    const { column = 0 } = location;
    expect(message).toContain(what);
    expect(message).toMatch(
      new RegExp(`^runs/1/schedule\\.json:${line}:${column}: expected [^\\n]*, got [^\\n]*$`),
    );
    const rest = malformed.split("\n")[line - 1]?.slice(column - 1) ?? "none";
    if (there === "") expect(rest).toBe("");
    else expect(rest.startsWith(there)).toBe(true);
  });

  test("keeps the parser's error as the cause", () => {
    expect(() => decodeSchedule("{")).toThrow(
      expect.objectContaining({ cause: expect.any(SyntaxError) as unknown }),
    );
  });
});
