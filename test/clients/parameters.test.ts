import { expect, test } from "vitest";

import { toParameters } from "../../src/clients/parameters.ts";

test("values become what both drivers write the same way", () => {
  const date = new Date(0);
  expect(
    toParameters([undefined, null, 1n << 60n, { a: [1] }, [1, undefined], date, true, "x", 1.5]),
  ).toEqual([null, null, "1152921504606846976", '{"a":[1]}', [1, null], date, true, "x", 1.5]);
});

test.each([[() => 1], [Symbol("s")]])("%s is refused before anything is sent", (value) => {
  expect(() => toParameters([0, value])).toThrow(/^Parameter \$2 is a (function|symbol)/);
});
