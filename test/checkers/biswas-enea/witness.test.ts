import { expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { header } from "../support/notation.ts";
import { registers } from "./support/registers.ts";

/** The steps of the first witness, as `T1 -wr x-> T2`. */
function steps(
  texts: readonly string[],
  model = "be-causal",
): { readonly shown: string; readonly told: string } {
  const { anomalies } = check(registers(texts, header()), { model });
  const [witness] = Object.values(anomalies)[0] ?? [];
  if (witness === undefined) throw new Error("no witness");
  expect(witness.steps.length).toBe(witness.cycle.length);
  const at = witness.cycle.map(({ index }) => (index - 1) / 2);
  const shown = witness.steps.map(
    ({ type, key }, i) =>
      `${at[i]} ${type}${typeof key === "string" ? ` ${key}` : ""} ${at[(i + 1) % at.length]}`,
  );
  return { shown: shown.join(", "), told: witness.explanation };
}

test("a fractured read: the order that the reader forces against the one that sessions give", () => {
  const { shown, told } = steps(["0: wx1", "0: wx2 wy2", "1: rx1 ry2"]);
  expect(shown).toBe("0 process 1, 1 ww x 0");
  expect(told).toContain("be-read-atomic-cycle");
  expect(told).toContain("T1 wrote 1 to x after T2 wrote 2, for index 5 read the value of T1");
  expect(told).toContain("although T2 came before it (it read y from it)");
});

test("a stale initial read: from the writer over what the reader knew", () => {
  const { shown, told } = steps(["0: wx1", "1: rx1 wy1", "2: ry1 rx_"]);
  expect(shown).toBe("0 wr x 1, 1 wr y 2, 2 rw x 0");
  expect(told).toContain("T3 read x in its initial state, which T1 replaced");
});

test("a causal past over several transactions names those between", () => {
  const { told } = steps(["0: wx1", "0: wx2", "1: rx2 wy1", "2: ry1 wz1", "3: rz1 rx1"]);
  expect(told).toContain("although T2 came before it (over index 5 and index 7)");
});

test("steps within one session are told as one", () => {
  const { shown } = steps(["0: wx1", "0: wz1", "0: wz2", "0: wz3", "0: wx2", "1: rx2", "1: rx1"]);
  expect(shown).toBe("0 process 4, 4 ww x 0");
  const stale = steps(["0: wx1", "0: wz1", "0: wz2", "0: wy1", "1: ry1 rx_"]);
  expect(stale.shown).toBe("0 process 3, 3 wr y 4, 4 rw x 0");
});

test("a circle of reads and sessions needs no forced step", () => {
  const { shown } = steps(["0: rx2", "0: wy1", "1: ry1 wx2"]);
  expect(shown).toBe("0 process 1, 1 wr y 2, 2 wr x 0");
});

test("the shortest contradiction comes first, and at most three are told", () => {
  const stale = ["x", "y", "z", "u", "v"].flatMap((key, i) => [`${i}: w${key}1`, `${i}: r${key}_`]);
  const { anomalies } = check(registers(["8: wa1", "9: ra1 wb1", "7: rb1 ra_", ...stale], header()), {
    model: "be-causal",
  });
  expect(Object.keys(anomalies)).toEqual(["be-read-atomic-cycle"]);
  expect(anomalies["be-read-atomic-cycle"]?.map(({ cycle }) => cycle.length)).toEqual([2, 2, 2]);
});
