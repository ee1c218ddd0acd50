import { describe, expect, test } from "vitest";

import { boundary, impliedAnomalies, prohibited } from "../../../src/checkers/models/boundary.ts";
import { isModel, modelNames } from "../../../src/checkers/models/names.ts";

describe("boundary", () => {
  test.each([
    ["G0", ["read-uncommitted"]],
    ["duplicate-elements", ["read-uncommitted"]],
    ["G1a", ["read-committed"]],
    ["G1b", ["read-committed"]],
    ["G1c", ["read-committed"]],
    ["incompatible-order", ["read-committed"]],
    ["future-read", ["read-committed"]],
    ["internal", ["read-atomic"]],
    ["lost-update", ["cursor-stability", "update-atomic"]],
    ["G-single", ["consistent-view"]],
    ["G-single-item", ["consistent-view", "repeatable-read"]],
    ["G-nonadjacent", ["snapshot-isolation"]],
    ["G-nonadjacent-item", ["repeatable-read", "snapshot-isolation"]],
    ["G2-item", ["repeatable-read"]],
    ["G2", ["serializable"]],
    ["G0-realtime", ["strong-read-uncommitted"]],
    ["G1c-process", ["strong-session-read-committed"]],
    ["G-single-item-realtime", ["strong-snapshot-isolation"]],
    ["G2-process", ["strong-session-serializable"]],
    ["G2-item-realtime", ["strong-serializable"]],
  ])("%s rules out, at its weakest, %j", (anomaly, not) => {
    expect(boundary([anomaly]).not).toEqual(not);
  });

  test("what implies a model that is ruled out is ruled out too", () => {
    expect(boundary(["G2"])).toEqual({
      not: ["serializable"],
      alsoNot: ["strong-serializable", "strong-session-serializable"],
    });
  });

  test("of nothing is nothing, and of a stranger too", () => {
    expect(boundary([])).toEqual({ not: [], alsoNot: [] });
    expect(boundary(["duplicate-version"])).toEqual({ not: [], alsoNot: [] });
  });

  test("of several keeps only the weakest", () => {
    expect(boundary(["G2-item", "G1a"]).not).toEqual(["read-committed"]);
    expect(boundary(["G2-item", "G1a"]).alsoNot).toContain("repeatable-read");
  });
});

describe("prohibited", () => {
  test("snapshot isolation forbids lost updates and long forks, and allows write skew", () => {
    const forbidden = prohibited("snapshot-isolation");
    for (const anomaly of ["lost-update", "G-nonadjacent-item", "G-single", "internal", "G1a", "G0"])
      expect(forbidden.has(anomaly)).toBe(true);
    for (const anomaly of ["G2-item", "G2", "write-skew", "G-single-item-realtime"])
      expect(forbidden.has(anomaly)).toBe(false);
  });

  test("repeatable read forbids write skew on items, not on predicates, and not internal", () => {
    const forbidden = prohibited("repeatable-read");
    expect(forbidden.has("G2-item")).toBe(true);
    expect(forbidden.has("G2")).toBe(false);
    expect(forbidden.has("internal")).toBe(false);
  });

  test("a model has the same answer under every name", () => {
    expect(prohibited("PL-SS")).toBe(prohibited("strict-serializable"));
    expect(prohibited("PL-SS")).toBe(prohibited("strong-serializable"));
  });

  test("a stranger is refused with the choices", () => {
    expect(() => prohibited("serialisable")).toThrow(/no consistency model "serialisable".*serializable/s);
  });
});

test("every name that is offered is a model", () => {
  expect(modelNames().every(isModel)).toBe(true);
  expect(modelNames()).toContain("snapshot-isolation");
  expect(isModel("PL-SI")).toBe(true);
  expect(isModel("constructor")).toBe(false);
});

test("what an anomaly implies includes what its implications imply", () => {
  expect(impliedAnomalies(["lost-update"])).toContain("G2-realtime");
  expect(impliedAnomalies(["G2-item"])).not.toContain("G-single-item");
});
