import { expect, test } from "vitest";
import { textWindow } from "../../src/history/byte-window.ts";
import {
  type LineTaker,
  plainSource,
  remainingSource,
  type TextBlock,
} from "../../src/history/text-source.ts";

/** Takes the lines that begin with t. */
const taker: LineTaker = {
  read: (bytes, at, limit) => {
    const after = bytes.indexOf("\n", at) + 1;
    return bytes[at] === 0x74 && after <= limit ? after : -1;
  },
};

function blocksOf(text: string, between = true): readonly TextBlock[] {
  const source = remainingSource(textWindow(text), taker);
  const blocks: TextBlock[] = [];
  for (let block = source.next(between); block !== undefined; block = source.next(between))
    blocks.push(block);
  return blocks;
}

test("lines that are taken are counted where the next text begins", () => {
  expect(blocksOf("t1\nt2\na\nt3\nb\n")).toEqual([
    { text: "a\n", taken: 2 },
    { text: "b\n", taken: 1 },
  ]);
  expect(blocksOf("a\nt1\nt2\n")).toEqual([
    { text: "a\n", taken: 0 },
    { text: "", taken: 2 },
  ]);
});

test("nothing is taken in the middle of something", () => {
  expect(blocksOf("t1\nt2\n", false).map(({ taken }) => taken)).toEqual([0, 0]);
});

test("a last line without its newline is text", () => {
  expect(blocksOf("t1\nt2")).toEqual([{ text: "t2", taken: 1 }]);
});

test("where nothing is taken, more and more lines come at once", () => {
  const blocks = blocksOf("a\n".repeat(3000));
  expect(blocks.length).toBeLessThan(15);
  expect(blocks.map(({ text }) => text).join("")).toBe("a\n".repeat(3000));
  const again = blocksOf(`${"a\n".repeat(127)}t\n${"a\n".repeat(3)}`);
  expect(again.find(({ taken }) => taken === 1)?.text).toBe("a\n");
});

test("a plain source hands out all that there is", () => {
  const source = plainSource(textWindow("\uFEFFt1\nt2"));
  expect(source.next(true)).toEqual({ text: "t1\nt2", taken: 0 });
  expect(source.next(true)).toBeUndefined();
});
