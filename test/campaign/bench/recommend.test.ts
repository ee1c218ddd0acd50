import { describe, expect, test } from "vitest";

import { recommend, type Contender, type Standing } from "../../../src/campaign/bench/recommend.ts";

const clean: Standing = { kind: "clean" };
const wrong: Standing = { kind: "wrong", anomalies: ["lost-update"], seen: "here" };
const unknown: Standing = { kind: "unknown", because: "nothing was committed" };
const loses: Standing = { kind: "loses", share: 0.4 };

function contender(name: string, throughput: readonly number[], standing: Standing = clean): Contender {
  return { name, standing, throughput };
}

describe("the recommendation", () => {
  test("is the fastest clean variant, with the ratio to the next and its spread", () => {
    const answer = recommend([
      contender("slow", [100, 200, 50]),
      contender("fast", [200, 380, 102]),
      contender("wrong", [900, 900, 900], wrong),
    ]);
    expect(answer).toEqual({
      kind: "fastest",
      variant: "fast",
      next: "slow",
      ratio: { median: 2, min: 1.9, max: 2.04 },
    });
  });

  test("a noisy machine that hits a whole round alike does not hide a difference", () => {
    const answer = recommend([contender("a", [120, 12, 1200]), contender("b", [100, 10, 1000])]);
    expect(answer).toMatchObject({ kind: "fastest", variant: "a" });
  });

  test("is that they are equal when the ratios lie further apart than the median from 1", () => {
    const answer = recommend([contender("a", [110, 130, 105]), contender("b", [100, 100, 100])]);
    expect(answer).toMatchObject({ kind: "equal", variants: ["a", "b"], ratio: { median: 1.1 } });
  });

  test("is that they are equal when the faster one was slower in a round", () => {
    const answer = recommend([contender("a", [99, 130, 130, 130]), contender("b", [100, 100, 100, 100])]);
    expect(answer).toMatchObject({ kind: "equal", variants: ["a", "b"] });
  });

  test("names all that cannot be told from the fastest, and leaves out the one that can", () => {
    const answer = recommend([
      contender("third", [50, 50, 50]),
      contender("a", [100, 120, 100]),
      contender("b", [110, 100, 99]),
    ]);
    expect(answer).toMatchObject({ kind: "equal", variants: ["a", "b"] });
  });

  test("needs no spread where there is only one clean variant", () => {
    expect(recommend([contender("a", [1]), contender("b", [9], wrong)])).toEqual({
      kind: "only",
      variant: "a",
    });
  });

  test("is unknown after one round, which has no spread", () => {
    expect(recommend([contender("a", [9]), contender("b", [1])])).toMatchObject({ kind: "unknown" });
  });

  test("is nobody where every variant is wrong or leaves work undone", () => {
    expect(recommend([contender("a", [9, 9], wrong)])).toEqual({
      kind: "none",
      because: "every variant is wrong",
    });
    expect(recommend([contender("a", [9, 9], wrong), contender("b", [9, 9], loses)])).toMatchObject({
      kind: "none",
    });
  });

  test("is never a run that proved nothing, and unknown where nothing else is left", () => {
    expect(recommend([contender("a", [9, 9], unknown), contender("b", [1, 1])])).toMatchObject({
      kind: "only",
      variant: "b",
    });
    expect(recommend([contender("a", [9, 9], unknown), contender("b", [1, 1], wrong)])).toMatchObject({
      kind: "unknown",
    });
  });

  test("a round in which the next one committed nothing is no ratio", () => {
    const answer = recommend([contender("a", [10, 10, 10]), contender("b", [5, 0, 5])]);
    expect(answer).toMatchObject({ kind: "fastest", ratio: { median: 2, max: 2 } });
  });
});
