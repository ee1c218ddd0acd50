import { describe, expect, test } from "vitest";

import { bank } from "../../../src/checkers/domain/bank.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function transfer(attempt: string, type: OperationType = "ok"): Event {
  const data = { paid: { "bank/1": attempt } };
  return { process: 1, type, f: "transfer", value: [], ...(type === "ok" ? { data } : {}) };
}

function read(data: Json, f = "read-bank", type: OperationType = "ok"): Event {
  return { process: 9, type, f, value: [], data };
}

function balances(accounts: Readonly<Record<string, Json>>, began: Json = 200): Json {
  return { banks: { "bank/1": [began, accounts] } };
}

function own(accounts: Readonly<Record<string, Json>>): Json {
  return { owners: { "bank/1/owner/1": accounts } };
}

const found = (...events: Event[]): ReturnType<typeof bank.check>["anomalies"] =>
  bank.check(fromEvents(events)).anomalies;

describe("non-conserved-balance", () => {
  const lost = balances({ "1": [60, "a"], "2": [100, null] });

  test("a sum that is not what it was, and who last changed the balances", () => {
    const [witness] = found(transfer("a"), read(lost))["non-conserved-balance"] ?? [];
    expect(witness?.explanation).toBe(
      "the accounts of bank/1 held 160 together, as the read-bank (index 1) saw, though they began with 200: " +
        "account 1 held 60 since a (index 0) and account 2 held 100",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1]);
  });

  test("not where balances are fractions, whose sums are rounded", () => {
    const whole = { "1": [0.1, null], "2": [0.2, null], "3": [0.3, null] };
    expect(found(read(balances(whole, 0.6)))).toEqual({});
    expect(found(read(own({ "1": [0.3, "a"], "2": [-0.1, "a"], "3": [-0.2, "a"] })))).toEqual({});
  });

  test("more is as wrong as less", () => {
    expect(Object.keys(found(read(balances({ "1": [101, null], "2": [100, null] }))))).toEqual([
      "non-conserved-balance",
    ]);
  });

  test("a transfer of unknown outcome is named, but is no part of the case", () => {
    const [witness] = found(transfer("a", "info"), read(lost))["non-conserved-balance"] ?? [];
    expect(witness?.explanation).toContain("account 1 held 60 since a and");
    expect(witness?.cycle.map(({ index }) => index)).toEqual([1]);
  });

  test("the same case is told once, by the read at rest where there is one", () => {
    const cases = found(read(lost), read(lost, "read-at-rest"))["non-conserved-balance"] ?? [];
    expect(cases.map(({ explanation }) => explanation)).toEqual([
      expect.stringContaining("the read at rest (index 1)"),
    ]);
  });

  test("the same sum in other places, and one account below zero", () => {
    expect(found(read(balances({ "1": [-20, "a"], "2": [220, "a"] })))).toEqual({});
  });

  test("a read that did not surely commit, and one that does not say enough", () => {
    expect(found(read(lost, "read-bank", "info"), read(lost, "read-bank", "fail"))).toEqual({});
    expect(found(read(balances({ "1": [60, "a"], "2": ["?", null] })))).toEqual({});
    expect(found(read(balances({})))).toEqual({});
    expect(found(read(balances({ "1": [60, "a"] }, null)))).toEqual({});
  });
});

describe("negative-balance", () => {
  test("an owner in debt, and who took the money", () => {
    const [witness] =
      found(transfer("a"), transfer("b"), read(own({ "1": [-50, "b"], "2": [20, "a"] })))[
        "negative-balance"
      ] ?? [];
    expect(witness?.explanation).toBe(
      "the accounts of bank/1/owner/1 held -30 together, as the read-bank (index 2) saw: " +
        "account 1 held -50 since b (index 1) and account 2 held 20 since a (index 0)",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test("one account below zero that another one covers is no debt, nor is nothing", () => {
    expect(found(read(own({ "1": [-50, "b"], "2": [50, "a"] })))).toEqual({});
  });

  test("an account of which nobody says how much it holds may cover it", () => {
    expect(found(read(own({ "1": [-50, "b"], "2": [null, "a"] })))).toEqual({});
  });
});
