import fc from "fast-check";
import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";

import {
  BadToken,
  decodeToken,
  encodeToken,
  maxTokenLength,
} from "../../../src/report/reproduction/token.ts";
import { reproduction, usual } from "./arbitraries.ts";

/** The error of a text that is no good token. */
function refusal(text: string): BadToken {
  try {
    decodeToken(text);
  } catch (error) {
    if (error instanceof BadToken) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

test("a token carries the whole reproduction", () => {
  fc.assert(
    fc.property(reproduction, (value) => {
      const token = encodeToken(value);
      expect(token).toMatch(/^isl1[\w-]+$/);
      expect(decodeToken(token)).toEqual(value);
    }),
  );
});

test("a usual reproduction is a line or three long", () => {
  expect(encodeToken(usual).length).toBeLessThan(240);
});

test("line breaks of a chat do no harm", () => {
  const token = encodeToken(usual);
  expect(decodeToken(` ${token.replace(/.{20}/g, "$&\n  ")}\n`)).toEqual(usual);
});

test("every token that lost its end is told from others", () => {
  const token = encodeToken(usual);
  for (let length = 4; length < token.length; length += 1)
    expect(refusal(token.slice(0, length)).reason).toBe("cut-off");
  expect(refusal(token.slice(0, 40)).message).toBe(
    `The token is cut off: it has 40 of at least ${token.length} characters. Copy it to its end.`,
  );
});

test("no altered token is taken for another reproduction", () => {
  const token = encodeToken(usual);
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: token.length - 1 }),
      fc.constantFrom("A", "a", "0", "-", "_", "z", "%", "=", "+", "/"),
      (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(["cut-off", "damaged"]).toContain(
          refusal(token.slice(0, at) + letter + token.slice(at + 1)).reason,
        );
      },
    ),
    { numRuns: 500 },
  );
  expect(refusal(`${token}A`).reason).toBe("damaged");
});

test.each([
  ["", "not-a-token"],
  ["eyJhbGciOi", "not-a-token"],
  ["isl2abcdef", "other-format"],
  [`isl1${"A".repeat(maxTokenLength)}`, "too-long"],
])("%.20s is refused as %s", (text, reason) => {
  expect(refusal(text).reason).toBe(reason);
});

test("what would be too long is refused, and repro.json named", () => {
  let noise = 1;
  const moves = Array.from({ length: 20_000 }, () => {
    noise = (noise * 48_271) % 2_147_483_647;
    return { kind: "grant", session: noise % 2 } as const;
  });
  expect(() => encodeToken({ ...usual, moves })).toThrow(
    /^This would be a token of \d+ characters.* use repro\.json/,
  );
});

test.each(["not json", "{}", "[]", '["w","v",{},"postgres","1",{},"no-level","1",[[]],[]]'])(
  "a whole token that holds %s is malformed",
  (content) => {
    expect(refusal(wrapped(deflateRawSync(Buffer.from(content)))).reason).toBe("malformed");
  },
);

/** Content as a token has it: length, checksum, content. */
function wrapped(packed: Buffer): string {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(packed.length);
  const checksum = createHash("sha256").update(packed).digest().subarray(0, 4);
  return `isl1${Buffer.concat([length, checksum, packed]).toString("base64url")}`;
}
