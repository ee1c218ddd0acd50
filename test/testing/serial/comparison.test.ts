import { expect, test } from "vitest";

import { realClock } from "../../../src/clock/real-clock.ts";
import { Lens } from "../../../src/testing/serial/lens.ts";
import { sameTree } from "../../../src/testing/serial/same-tree.ts";
import { wasDisturbed } from "../../../src/testing/serial/disturbed.ts";
import { readBodies } from "../../../src/testing/serial/answered-bodies.ts";
import { uncomparedAnswers } from "../../../src/testing/serial/uncompared-answers.ts";
import { valueTree } from "../../../src/testing/serial/value-tree.ts";

const now = Date.UTC(2026, 10, 29, 12, 0, 0);
const day = 86_400_000;

/** Whether two values may be the same thing, returned by two runs. */
function same(one: unknown, other: unknown, lens = new Lens([]), fromMs = now, toMs = now): boolean {
  const trees = [one, other].map((value) => valueTree(value, now));
  const result = sameTree(trees[0]!, trees[1]!, "0:result", { lens, span: { fromMs, toMs } });
  expect(sameTree(trees[1]!, trees[0]!, "0:result", { lens, span: { fromMs, toMs } })).toBe(result);
  return result;
}

class Money {
  readonly #cents: number;
  readonly currency = "EUR";
  constructor(cents: number) {
    this.#cents = cents;
  }
  toJSON(): string {
    return (this.#cents / 100).toFixed(2);
  }
}

class Seat {
  readonly #owner: string;
  constructor(owner: string) {
    this.#owner = owner;
  }
  get owner(): string {
    return this.#owner;
  }
}

class Sold {
  isSold(): boolean {
    return true;
  }
}

class Refused extends Sold {
  override isSold(): boolean {
    return false;
  }
}

function form(value: string): FormData {
  const made = new FormData();
  made.set("a", value);
  return made;
}

/** What is told of the parts of an answer that cannot be compared. */
async function uncompared(value: unknown, clock = realClock()): Promise<string> {
  await readBodies(value, clock);
  const ending = { type: "returned", value } as const;
  return uncomparedAnswers({ endings: [ending], nameOf: () => "f", ignore: [], nowMs: now }).join("\n");
}

const circle: Record<string, unknown> = { n: 1 };
circle.self = circle;
const [fresh, later] = ["6f1c2f0e-58b1-4a4e-9d3c-0c6a1b2d3e4f", "00000000-58b1-4a4e-9d3c-0c6a1b2d3e4f"];
const soon = new Date(now + 1_234);

test.each<[string, unknown, unknown]>([
  ["no value and a field that is not there", { a: undefined, b: 1 }, { b: 1 }],
  ["zero and its negative", 0, -0],
  ["NaN", NaN, NaN],
  ["sums in another order", 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1],
  ["sums of 32-bit floats in another order", [0.9, 1, 0.3], [0.90000004, 1.0000001, 0.3]],
  ["a whole number that was a sum of floats", 90, 90.00000000000001],
  ["digits beyond 2^53, by either driver", 9007199254740993n, "9007199254740993"],
  ["decimals of another scale", "1.50", "1.5"],
  ["a document, as text and parsed", '{"a": 1, "b": [1, 2]}', { b: [2, 1], a: 1 }],
  ["rows in another order", [{ id: 1 }, { id: 2 }, { id: 1 }], [{ id: 2 }, { id: 1 }, { id: 1 }]],
  ["bytes", Buffer.from([0, 255]), new Uint8Array([0, 255])],
  ["sets and maps", [new Set([1, 2]), new Map([["a", 1]])], [new Set([2, 1]), new Map([["a", 1]])]],
  ["what answers toJSON", new Money(150), new Money(150)],
  ["functions", () => 1, () => 2],
  ["symbols and circles", [Symbol("a"), circle], [Symbol("a"), circle]],
  ["patterns and bytes of any kind", [/a/g, new ArrayBuffer(1)], [/a/g, new Uint8Array(1)]],
  ["entries", new URLSearchParams("a=1"), new URLSearchParams("a=1")],
  ["what cannot be compared, and anything", { a: () => 1 }, { a: 5 }],
  ["UUIDs", { id: fresh }, { id: later }],
  ["UUIDs in a text", `see ${fresh}`, `see ${later}`],
  ["times about now", new Date(now), soon.toISOString()],
  ["times about now, as text", "2026-11-29 12:00:00", "2026-11-29T14:00:01.5+02:00"],
  ["times about now, as numbers", now, now + 1_234],
  ["seconds since 1970", Math.floor(now / 1000), Math.floor(now / 1000) + 1],
  ["times about now in a text", "done at 2026-11-29 12:00:00", "done at 2026-11-29 12:00:07"],
  ["two days ahead, just within and just outside", new Date(now + 2 * day), new Date(now + 2 * day + 900)],
  ["two days ahead, as numbers", now + 2 * day, now + 2 * day + 900],
])("the same: %s", (_, one, other) => {
  expect(same(one, other)).toBe(true);
});

test.each<[string, unknown, unknown]>([
  ["numbers", 90, 80],
  ["large decimals", "123456789012345.01", "123456789012345.02"],
  ["floats", 0.5, 0.501],
  ["floats of many digits", 0.1234567891, 0.1234567991],
  ["a whole number and a half", 1000000, 1000000.5],
  ["amounts of money", 12345.67, 12345.68],
  ["larger amounts of money", 1234567.25, 1234568.25],
  ["null and no value", null, undefined],
  ["null and zero", { a: null }, { a: 0 }],
  ["a row more", [{ id: 1 }], [{ id: 1 }, { id: 1 }]],
  ["another row", [{ id: 1 }, { id: 1 }], [{ id: 1 }, { id: 2 }]],
  ["texts", "a", "b"],
  ["documents", '{"a": 1}', '{"a": 2}'],
  ["symbols", Symbol("a"), Symbol("b")],
  ["patterns", /a/g, /a/i],
  ["bytes of any kind", new ArrayBuffer(1), new ArrayBuffer(2)],
  ["numbers in typed arrays", new Float64Array([1]), new Float64Array([2])],
  ["headers", new Headers({ location: "/a" }), new Headers({ location: "/b" })],
  ["parameters", new URLSearchParams("a=1"), new URLSearchParams("a=2")],
  ["forms", form("1"), form("2")],
  ["the status of a Response", new Response(null, { status: 200 }), new Response(null, { status: 409 })],
  ["getters of a class", new Seat("ann"), new Seat("bob")],
  ["classes without fields", new Sold(), new Refused()],
  ["what answers toJSON", new Money(150), new Money(250)],
  ["a UUID and none", fresh, null],
  ["a time about now and none", soon, null],
  ["a time about now and one long ago", soon, new Date(0)],
  ["times far from now", "2026-12-24 10:00:00", "2026-12-24 11:00:00"],
  ["days", "2026-12-24", "2026-12-25"],
  ["text around a time", "made 2026-11-29", "sold 2026-11-29"],
  ["kinds of answer", [], {}],
])("not the same: %s", (_, one, other) => {
  expect(same(one, other)).toBe(false);
});

test("what is cut to days, hours or minutes may be of the next when the clock has gone there meanwhile", () => {
  const midnight = Date.UTC(2026, 10, 30);
  const around = [midnight - 5_000, midnight + 5_000] as const;
  expect(same("2026-12-29", "2026-12-30", new Lens([]), ...around)).toBe(true);
  expect(same("due by 2026-12-29!", "due by 2026-12-30!", new Lens([]), ...around)).toBe(true);
  expect(same("2026-12-29", "2027-12-30", new Lens([]), ...around)).toBe(false);
  const hour = [now - 5_000, now + 5_000] as const;
  expect(same("2026-12-29 11:00:00", "2026-12-29 12:00:00", new Lens([]), ...hour)).toBe(true);
  expect(same("2026-12-29", "2026-12-30", new Lens([]), ...hour)).toBe(false);
  const minute = [now + 55_000, now + 65_000] as const;
  expect(same("2026-12-29 11:01:00", "2026-12-29 11:02:00", new Lens([]), ...minute)).toBe(true);
  expect(same("11:01", "11:02", new Lens([]), ...minute)).toBe(true);
  expect(same("11:01", "11:02", new Lens([]), now, now + 1_000)).toBe(false);
  expect(same("23:59", "00:00", new Lens([]), ...around)).toBe(true);
  expect(same("2026-12-29 11:01:00", "2026-12-29 11:04:00", new Lens([]), ...minute)).toBe(false);
  expect(same("2026-12-29 11:00:00", "2026-12-29 12:00:00", new Lens([]), ...minute)).toBe(false);
});

test("a text of the same parts in another order is the same where the order of lists is free", () => {
  const sees = (one: unknown, other: unknown, ordered: boolean): boolean => {
    const [here, there] = [valueTree(one, now), valueTree(other, now)];
    const sight = { lens: new Lens([]), span: { fromMs: now, toMs: now }, ordered };
    return sameTree(here, there, "0:result", sight);
  };
  const others = [
    ["a,b", "b,a"],
    ["x; y; z", "z; x; y"],
    [
      [{ t: "a b" }, { t: "c" }],
      [{ t: "c" }, { t: "b a" }],
    ],
  ];
  for (const [one, other] of others) {
    expect(sees(one, other, false)).toBe(true);
    expect(sees(one, other, true)).toBe(false);
  }
  for (const [one, other] of [
    ["a,b", "a,c"],
    ["a,b", "ab,"],
    ["a,a,b", "a,b,b"],
    ["true", true],
  ])
    expect(sees(one, other, false)).toBe(false);
});

test("a UUID that runs have in common stands for itself", () => {
  const lens = new Lens([]);
  lens.constant([fresh]);
  expect(same(fresh, later, lens)).toBe(false);
  expect(same(fresh.toUpperCase(), fresh, lens)).toBe(true);
});

test("what is declared is not compared, whoever returns it and however deep it is", () => {
  expect(same({ a: [{ b: 1, c: 1 }] }, { a: [{ b: 2, c: 1 }] }, new Lens(["result.a.b"]))).toBe(true);
  expect(same({ a: [{ b: 1, c: 1 }] }, { a: [{ b: 1, c: 2 }] }, new Lens(["result.a[].b"]))).toBe(false);
  expect(same(1, { a: 2 }, new Lens(["result"]))).toBe(true);
});

test("accessors are not called, and what throws when it is read is not compared", () => {
  let called = 0;
  const lazy = Object.defineProperty({}, "rows", { enumerable: true, get: () => (called += 1) });
  expect(same({ lazy }, { lazy: {} })).toBe(true);
  const traps = {
    ownKeys: (): never => {
      throw new Error("no");
    },
  };
  expect(same(new Proxy({}, traps), 5)).toBe(true);
  expect(called).toBe(0);
});

test("of a body that was read, the text or the bytes are compared", async () => {
  const [sold, refused] = [Response.json({ sold: true }), Response.json({ sold: false })];
  const [one, other] = [new Blob(["a"]), new Blob([new Uint8Array([255])])];
  for (const each of [sold, refused, one, other]) expect(await uncompared({ each })).toBe("");
  expect(same(sold, refused)).toBe(false);
  expect(same(one, other)).toBe(false);
  expect(await sold.json()).toEqual({ sold: true });
});

class Hidden {
  #n = 1;
  readonly label = "x";
  get double(): number {
    return this.#n * 2;
  }
}

const read = new Response("a");
await read.text();

test.each<[unknown, string]>([
  [new WeakMap(), "f answered was not compared: a WeakMap."],
  [{ a: { then: () => 1 } }, "in result.a.then: a function."],
  [{ a: Promise.resolve(1) }, "in result.a: a promise."],
  [new ReadableStream(), ": a ReadableStream."],
  [[][Symbol.iterator](), ": a Array Iterator."],
  [new Hidden(), "in result.#n: the private field #n of a Hidden."],
  [read, "in result.body: the body of a Response, which had been read already."],
  [new Response(endless()), "which has more than 1000000 bytes."],
  [new Response(new ReadableStream()), "which did not come to its end within 1 s."],
])("told not to be compared: %s", async (value, why) => {
  expect(await uncompared(value)).toContain(why);
});

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => {
      controller.enqueue(new Uint8Array(100_000));
    },
  });
}

test.each<[unknown]>([[circle], [new Seat("ann")], [new Money(1)], [new Map([[1, new Set([new Date()])]])]])(
  "nothing is told of %s",
  async (value) => {
    expect(await uncompared(value)).toBe("");
  },
);

test("a value of a hundred thousand parts is not compared", () => {
  const many = Array.from({ length: 100_001 }, (_, i) => i);
  expect(same(many, [])).toBe(true);
});

test("a function that throws what it cannot throw alone was disturbed", () => {
  const error = (parts: object): Error => Object.assign(new Error("x"), parts);
  expect(wasDisturbed(error({ code: "40P01" }))).toBe(true);
  expect(wasDisturbed(error({ cause: error({ code: "ER_LOCK_WAIT_TIMEOUT" }) }))).toBe(true);
  expect(wasDisturbed(error({ original: new Error("timeout exceeded when trying to connect") }))).toBe(true);
  expect(wasDisturbed(error({ code: "23505" }))).toBe(false);
  expect(wasDisturbed(new Error("insufficient funds"))).toBe(false);
});
