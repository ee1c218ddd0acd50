import { describe, expect, test } from "vitest";

import { sales } from "../../../src/checkers/domain/sales.ts";
import { bookings, names, vouchers } from "../../../src/checkers/domain/taken-once.ts";
import type { DomainChecker } from "../../../src/checkers/domain/domain-checker.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function take(attempt: string, things: readonly string[], type: OperationType = "ok"): Event {
  const data = { took: Object.fromEntries(things.map((thing) => [thing, attempt])) };
  return { process: Number(attempt), type, f: "take", value: [], data };
}

function read(data: Json, f = "read-at-rest"): Event {
  return { process: 9, type: "ok", f, value: [], data };
}

const found = (checker: DomainChecker, ...events: Event[]): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(checker.check(fromEvents(events)).anomalies).map(([anomaly, witnesses]) => [
      anomaly,
      witnesses.map(({ explanation, cycle }) => `${explanation} [${cycle.map(({ index }) => index).join()}]`),
    ]),
  );

describe("what can be taken once", () => {
  test("two that took it, in the words of each application", () => {
    const twice = [take("1", ["voucher/1"]), take("2", ["voucher/1"])];
    expect(found(vouchers, ...twice)).toEqual({
      "voucher-used-twice": ["voucher/1 was used by 1 (index 0) and by 2 (index 1) [0,1]"],
    });
    expect(found(names, ...twice)).toEqual({
      "duplicate-row": ["voucher/1 was created by 1 (index 0) and by 2 (index 1) [0,1]"],
    });
  });

  test("several things that the same two took are one case", () => {
    expect(found(bookings, take("1", ["a", "b", "c"]), take("2", ["b", "c", "d"]))).toEqual({
      "double-booking": ["b and c were booked by 1 (index 0) and by 2 (index 1) [0,1]"],
    });
  });

  test("so are many, of which only some are named", () => {
    const things = ["a", "b", "c", "d", "e", "f"];
    expect(found(bookings, take("1", things), take("2", things))["double-booking"]).toEqual([
      "a, b, c, d and 2 more were booked by 1 (index 0) and by 2 (index 1) [0,1]",
    ]);
  });

  test("things that were taken by others are other cases", () => {
    const cases = found(bookings, take("1", ["a", "b"]), take("2", ["a"]), take("3", ["b"]));
    expect(cases["double-booking"]).toHaveLength(2);
  });

  test("each once is right, also where the same one holds it afterwards", () => {
    expect(
      found(vouchers, take("1", ["a"]), take("2", ["b"]), read({ holders: { a: ["1"], b: ["2"] } })),
    ).toEqual({});
  });

  test("who did not surely commit took nothing, unless it is there when everything has ended", () => {
    const unsure = [
      take("1", ["a"]),
      take("2", ["a"], "info"),
      take("3", ["a"], "fail"),
      take("4", ["a"], "invoke"),
    ];
    expect(found(vouchers, ...unsure)).toEqual({});
    expect(found(vouchers, ...unsure, read({ holders: { a: ["1", "2"] } }))).toEqual({
      "voucher-used-twice": ["a was used by 1 (index 0) and by 2 (index 4) [0,4]"],
    });
  });

  test("an ordinary read may have shown what was rolled back", () => {
    expect(found(names, take("1", ["a"]), read({ holders: { a: ["1", "2"] } }, "look"))).toEqual({});
  });

  test("of very many takers the first are named", () => {
    const [text] =
      found(names, ...Array.from({ length: 11 }, (_, i) => take(`${i}`, ["a"])))["duplicate-row"] ?? [];
    expect(text).toContain("by 7 (index 7) and by 3 more [0,1,2,3,4,5,6,7]");
  });
});

describe("what has several pieces", () => {
  const three = [take("1", ["item/1"]), take("2", ["item/1"]), take("3", ["item/1"])];

  test("more sold than there were", () => {
    expect(found(sales, ...three, read({ pieces: { "item/1": 2 }, stocks: { "item/1": 0 } }))).toEqual({
      oversold: [
        "item/1 was sold 3 times, though there were 2: by 1 (index 0), by 2 (index 1) and by 3 (index 2) [0,1,2]",
      ],
    });
  });

  test("as many as there were; where two say how many, there were as many as the one who says more", () => {
    expect(
      found(sales, ...three, read({ pieces: { "item/1": 3 } }), read({ pieces: { "item/1": 2 } })),
    ).toEqual({});
  });

  test("a stock below zero when everything has ended", () => {
    expect(found(sales, read({ stocks: { "item/1": -1, "item/2": 0 } }))).toEqual({
      "negative-stock": [
        "the stock of item/1 was -1 when everything had ended, as the read at rest (index 0) saw [0]",
      ],
    });
    expect(found(sales, read({ stocks: { "item/1": -1 } }, "look"))).toEqual({});
  });
});
