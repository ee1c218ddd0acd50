import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { forever } from "../../src/generators/forever.ts";
import { limit } from "../../src/generators/limit.ts";
import { phases } from "../../src/generators/phases.ts";
import { decodePlan, encodePlan, MalformedPlan } from "../../src/generators/plan-json.ts";
import { drawPlan, type Plan } from "../../src/generators/plan.ts";
import type { Json } from "../../src/history/operation.ts";
import { stagger } from "../../src/generators/stagger.ts";

const example: Plan = {
  seed: "42",
  exhausted: false,
  sessions: [
    [
      { id: 0, session: 0, f: "register", args: { model: 1, tags: ["a", null] } },
      { id: 2, session: 0, f: "read", args: {}, atNanos: 1500, phase: 1 },
    ],
    [],
    [{ id: 1, session: 2, f: "read", args: { deep: { x: true } }, atNanos: 7 }],
  ],
};

const exampleText = `{"isolab-plan":1,"seed":"42","exhausted":false,"sessions":[
[
{"id":0,"session":0,"f":"register","args":{"model":1,"tags":["a",null]}},
{"id":2,"session":0,"f":"read","args":{},"atNanos":1500,"phase":1}
],
[],
[
{"id":1,"session":2,"f":"read","args":{"deep":{"x":true}},"atNanos":7}
]
]}
`;

describe("encodePlan", () => {
  test("writes exactly these bytes, one operation per line", () => {
    expect(encodePlan(example)).toBe(exampleText);
  });

  test("does not depend on the order of an entry's fields in memory", () => {
    const shuffled: Plan = {
      sessions: example.sessions.map((entries) =>
        entries.map(({ args, f, ...others }) => ({ f, args, ...others })),
      ),
      exhausted: example.exhausted,
      seed: example.seed,
    };
    expect(encodePlan(shuffled)).toBe(exampleText);
  });
});

describe("decodePlan", () => {
  test("gives back what was encoded", () => {
    expect(decodePlan(exampleText)).toEqual(example);
  });

  test("gives back every plan there is, and the same bytes when it is encoded again", () => {
    const operation = fc.record({
      f: fc.string({ minLength: 1 }),
      args: fc.dictionary(
        fc.string(),
        fc.jsonValue().map((value) => value as Json),
      ),
    });
    fc.assert(
      fc.property(
        fc.array(operation),
        fc.string(),
        fc.integer({ min: 1, max: 4 }),
        (list, seed, sessions) => {
          const one = limit(list.length, stagger(10, forever((rng) => rng.pick(list)))); // prettier-ignore
          const plan = drawPlan(phases(one, one), { seed, sessions, operations: 30 });
          const text = encodePlan(plan);
          expect(encodePlan(decodePlan(text))).toBe(text);
          expect(decodePlan(text)).toEqual(JSON.parse(JSON.stringify(plan)));
        },
      ),
    );
  });

  test("reads a plan that a person has laid out anew", () => {
    expect(decodePlan(JSON.stringify(JSON.parse(exampleText), null, 4))).toEqual(example);
  });

  test.each([
    ["no JSON", exampleText.slice(0, 90), "it is no JSON"],
    ["no object", "[]", 'no "isolab-plan" field'],
    ["another file of ours", '{"isolab":1,"seed":"42"}', 'no "isolab-plan" field'],
    [
      "a later version",
      exampleText.replace('plan":1', 'plan":2'),
      "version is 2, and this isolab reads version 1",
    ],
    ["a seed that is a number", exampleText.replace('"42"', "42"), '"seed" is no string'],
    ["exhausted missing", exampleText.replace('"exhausted":false,', ""), '"exhausted"'],
    ["no sessions", '{"isolab-plan":1,"seed":"42","exhausted":true,"sessions":[]}', "at least one session"],
    ["a session that is no list", exampleText.replace("[],", "{},"), "sessions[1] is no list"],
    ["an entry that is no object", exampleText.replace("[],", "[null],"), "sessions[1][0] is no object"],
    ["a negative id", exampleText.replace('"id":0', '"id":-1'), '"id" of sessions[0][0]'],
    ["ids that do not rise", exampleText.replace('"id":2', '"id":0'), "id at sessions[0][1] does not rise"],
    ["an id twice", exampleText.replace('"id":1', '"id":2'), "two operations have the id 2"],
    [
      "a foreign session",
      exampleText.replace('"session":2', '"session":1'),
      '"session" of sessions[2][0] is not 2',
    ],
    ["an empty name", exampleText.replace('"register"', '""'), '"f" of sessions[0][0]'],
    ["arguments in a list", exampleText.replace('"args":{}', '"args":[]'), '"args" of sessions[0][1]'],
    ["a start before the start", exampleText.replace("1500", "-1"), '"atNanos" of sessions[0][1]'],
    ["half a phase", exampleText.replace('"phase":1', '"phase":0.5'), '"phase" of sessions[0][1]'],
    [
      "a phase that falls",
      exampleText.replace('["a",null]}', '["a",null]},"phase":2'),
      "the phase at sessions[0][1] falls",
    ],
  ])("refuses %s with one sentence that says what to do", (_, text, what) => {
    expect(text).not.toBe(exampleText);
    const decode = (): Plan => decodePlan(text);
    expect(decode).toThrow(MalformedPlan);
    expect(decode).toThrow(what);
    expect(decode).toThrow(/^The plan cannot be used because [^\n]*; [^\n;]*\.$/);
  });

  test("keeps the parser's error as the cause", () => {
    let thrown: unknown;
    try {
      decodePlan("{");
    } catch (error) {
      thrown = error;
    }
    expect((thrown as MalformedPlan).cause).toBeInstanceOf(SyntaxError);
  });
});
