import { describe, expect, test } from "vitest";

import { type BeModel, beModels } from "../../../src/checkers/biswas-enea/be-models.ts";
import { check } from "../../../src/checkers/check.ts";
import { concurrent, header } from "../support/notation.ts";
import { registers } from "./support/registers.ts";

/** What the models say of a history: the weakest that is broken, or null. */
function weakestBroken(texts: readonly string[]): BeModel | null {
  const verdicts = beModels.map((model) => check(registers(texts, header()), { model }).valid);
  expect(verdicts).not.toContain("unknown");
  const first = verdicts.indexOf(false);
  // Whatever breaks a model breaks the stronger ones.
  expect(verdicts.slice(first < 0 ? 3 : first)).not.toContain(true);
  return first < 0 ? null : beModels[first]!;
}

describe("read committed", () => {
  test("reads within a transaction may move on to a later version", () => {
    expect(weakestBroken(["0: wx1", "0: wx2", "1: rx2"])).toBe(null);
    expect(weakestBroken(["0: wx1", "0: wx2", "1: rx1 rx2"])).toBe("be-read-atomic");
  });

  test("they may not go back to an earlier one (monotone reads)", () => {
    expect(weakestBroken(["0: wx1", "0: wx2", "1: rx2 rx1"])).toBe("be-read-committed");
  });

  test("nor behind another key of a transaction seen", () => {
    expect(weakestBroken(["0: wx1", "0: wx2 wy2", "1: rx1 ry2"])).toBe("be-read-atomic");
    expect(weakestBroken(["0: wx1", "0: wx2 wy2", "1: ry2 rx1"])).toBe("be-read-committed");
  });

  test("nor to the initial version, once something of its successor was seen", () => {
    expect(weakestBroken(["0: wx1 wy1", "1: rx_ ry1"])).toBe("be-read-atomic");
    expect(weakestBroken(["0: wx1 wy1", "1: ry1 rx_"])).toBe("be-read-committed");
  });

  test("what one transaction's reads force, another's may contradict", () => {
    const writers = ["0: wx1 wy1", "1: wx2 wy2"];
    expect(weakestBroken([...writers, "2: rx1 ry2", "3: rx1 ry2"])).toBe("be-read-atomic");
    expect(weakestBroken([...writers, "2: rx1 ry2", "3: rx2 ry1"])).toBe("be-read-committed");
  });

  test("reads and sessions that go round in a circle break it", () => {
    expect(weakestBroken(["0: rx2 wy1", "1: ry1 wx2"])).toBe("be-read-committed");
    expect(weakestBroken(["0: rx2", "0: wy1", "1: ry1 wx2"])).toBe("be-read-committed");
  });
});

describe("read atomic", () => {
  test("of a transaction that is read from, all is seen: no fractured read", () => {
    expect(weakestBroken(["0: wx1 wy1", "1: rx1 ry1"])).toBe(null);
    expect(weakestBroken(["0: wx1 wy1", "1: wx2 wy2", "2: rx1 ry2"])).toBe("be-read-atomic");
  });

  test("a key reads the same twice", () => {
    expect(weakestBroken(["0: wx1", "1: wx2", "2: rx1 rx1"])).toBe(null);
    expect(weakestBroken(["0: wx1", "1: wx2", "2: rx1 rx2"])).toBe("be-read-atomic");
    expect(weakestBroken(["0: wx1", "2: rx_ rx1"])).toBe("be-read-atomic");
  });

  test("a session sees what it wrote", () => {
    expect(weakestBroken(["0: wx1", "0: rx1"])).toBe(null);
    expect(weakestBroken(["0: wx1", "0: rx_"])).toBe("be-read-atomic");
    expect(weakestBroken(["0: wx1", "1: rx_"])).toBe(null);
  });

  test("a session need not read from later and later transactions of others", () => {
    expect(weakestBroken(["0: wx1", "0: wx2", "1: rx2", "1: rx1"])).toBe("be-causal");
  });
});

describe("causal consistency", () => {
  test("what a transaction had seen is seen with it", () => {
    const cause = ["0: wx1", "1: rx1 wy1"];
    expect(weakestBroken([...cause, "2: ry1 rx1"])).toBe(null);
    expect(weakestBroken([...cause, "2: ry1 rx_"])).toBe("be-causal");
    expect(weakestBroken([...cause, "2: rx_"])).toBe(null);
  });

  test("writes of a session are seen in its order", () => {
    expect(weakestBroken(["0: wx1", "0: wy1", "1: ry_ rx1"])).toBe(null);
    expect(weakestBroken(["0: wx1", "0: wy1", "1: ry1 rx_"])).toBe("be-causal");
  });

  test("two sessions that see two writes in different orders must each have one of them in its past", () => {
    expect(weakestBroken(["0: wx1", "1: wx2", "2: rx1", "2: rx2"])).toBe(null);
    expect(weakestBroken(["0: wx1", "1: wx2", "2: rx1", "2: rx2", "3: rx2", "3: rx1"])).toBe("be-causal");
  });

  test("allows the long fork and write skew, which stronger models forbid", () => {
    expect(weakestBroken(["0: wx1", "1: wy1", "2: rx1 ry_", "3: rx_ ry1"])).toBe(null);
    expect(weakestBroken(["0: rx_ ry_ wx1", "1: rx_ ry_ wy1"])).toBe(null);
    expect(weakestBroken(["0: rx_ wx1", "1: rx_ wx2"])).toBe(null);
  });
});

describe("what no model explains", () => {
  const everywhere = (texts: readonly string[], anomaly: string): void => {
    for (const model of beModels)
      expect(check(registers(texts, header()), { model })).toMatchObject({
        valid: false,
        anomalyTypes: [anomaly],
        not: ["be-read-committed"],
        alsoNot: ["be-causal", "be-read-atomic"],
      });
  };

  test("a value that nobody wrote", () => {
    everywhere(["0: wx1", "1: rx7"], "garbage-read");
  });

  test("it may have been there before, in a history that does not say how it began", () => {
    const { valid, because } = check(registers(["0: wx1", "1: rx7"]), { model: "be-causal" });
    expect(valid).toBe("unknown");
    expect(because).toContain("read 7 in x, which no operation of the history wrote");
  });

  test("a value of a failed transaction", () => {
    everywhere(["0: !wx1", "1: rx1"], "G1a");
  });

  test("a value that its writer replaced", () => {
    everywhere(["0: wx1 wx2", "1: rx1"], "G1b");
  });

  test("another value than the transaction's own last one, or its own before it wrote that", () => {
    everywhere(["0: wx1 rx_"], "internal");
    everywhere(["0: wx1 wx2 rx1"], "internal");
    everywhere(["0: rx1 wx1"], "future-read");
    expect(weakestBroken(["0: wx1 rx1 wx2 rx2"])).toBe(null);
  });
});

describe("unknown outcomes", () => {
  test("a transaction that was seen committed, with all it wrote", () => {
    expect(weakestBroken(["0: ?wx1 wy1", "1: rx1 ry1"])).toBe(null);
    expect(weakestBroken(["0: ?wx1 wy1", "1: rx1 ry_"])).toBe("be-read-committed");
  });

  test("one that was not seen says nothing", () => {
    expect(weakestBroken(["0: ?wx1 wy1", "1: rx_ ry_"])).toBe(null);
    expect(weakestBroken(["0: wx1", "0: ?wy1", "1: rx_ ry_"])).toBe(null);
  });

  test("it comes after its process's earlier transactions, and before nothing of it", () => {
    expect(weakestBroken(["0: wx1", "0: ?wy1", "1: ry1 rx_"])).toBe("be-causal");
    expect(weakestBroken(["0: ?wx1", "0: rx_", "1: rx1"])).toBe(null);
  });

  test("its own reads are not known", () => {
    expect(weakestBroken(["0: wx1", "0: ?rx_ wy1", "1: ry1 rx1"])).toBe(null);
  });
});

describe("histories that are none of registers are unknown, with the reason", () => {
  test("lists, sets and lists read from registers", () => {
    for (const texts of [["ax1", "rx1"], ["+x1", "sx1"], ["rx12"]]) {
      const { valid, because, not } = check(concurrent(texts), { model: "be-causal" });
      expect(valid).toBe("unknown");
      expect(because).toContain("defined for registers only");
      expect(not).toEqual([]);
    }
  });

  test("other objects that the user asks for", () => {
    const history = registers(["0: wx1", "1: rx1"]);
    expect(check(history, { model: "be-causal", workload: "rw-register" }).valid).toBe(true);
    expect(check(history, { model: "be-causal", workload: "list-append" }).valid).toBe("unknown");
    expect(() => check(history, { model: "be-causal", workload: "nonsense" })).toThrow("no checker");
  });

  test("values that are written twice", () => {
    const { valid, because } = check(registers(["0: wx1", "1: wx1", "2: rx1"]), { model: "be-causal" });
    expect(valid).toBe("unknown");
    expect(because).toContain("more than once");
  });

  test("a value that is written twice is traced to neither writer", () => {
    const { valid } = check(registers(["0: wx1 wy1", "1: wx1", "2: rx1 ry_"]), { model: "be-causal" });
    expect(valid).toBe("unknown");
  });

  test("no two transactions that have to do with each other, without a header", () => {
    expect(check(registers(["0: wx1", "1: wy1"]), { model: "be-causal" }).valid).toBe("unknown");
  });
});
