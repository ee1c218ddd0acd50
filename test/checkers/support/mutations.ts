import type { Rng } from "../../../src/random/rng.ts";
import type { Json } from "../../../src/history/operation.ts";

/** Damages a text as disks, editors and half-written exporters do: one to three changes, anywhere. */
export function damagedText(rng: Rng, text: string): string {
  let damaged = text;
  for (let i = 1 + rng.int(3); i > 0; i--) damaged = rng.pick(damages)(rng, damaged);
  return damaged;
}

type Damage = (rng: Rng, text: string) => string;

const scraps = [
  ..."[ ] ( ) { } \" \\ # ; : , ^ @ ' ` \n \u0000 \uD800 😀".split(" "),
  ...["nil", "null", "true", "##NaN", "#inst", "#_", "1/2", "1e999", "-0", "99999999999999999999N"],
  ...[":type", ":fail", "[[:r :x nil]]", "[[]]", '["append","x",1]', '{"index":-1}', '{"isolab":2}'],
];

const words = ["ok", "fail", "info", "invoke", "append", "add", "rs", "txn", "index", "process", "value"];

const damages: readonly Damage[] = [
  (rng, text) => {
    const at = rng.int(text.length + 1);
    return (
      text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << rng.int(8))) + text.slice(at + 1)
    );
  },
  (rng, text) => cut(text, rng.int(text.length + 1), 1 + rng.int(6)),
  (rng, text) => text.slice(0, rng.int(text.length + 1)),
  (rng, text) => insert(text, rng.int(text.length + 1), rng.pick(scraps)),
  (rng, text) => insert(text, rng.int(text.length + 1), "[".repeat(1 + rng.int(3000))),
  (rng, text) => {
    const from = rng.int(text.length + 1);
    return insert(text, rng.int(text.length + 1), text.slice(from, from + rng.int(200)));
  },
  (rng, text) => {
    const word = rng.pick(words);
    const at = text.indexOf(word, rng.int(text.length + 1));
    return at < 0 ? text : insert(cut(text, at, word.length), at, rng.pick(words));
  },
  (rng, text) => {
    const at = rng.int(text.length + 1);
    const number = /-?\d+/.exec(text.slice(at));
    if (number === null) return text;
    const other = rng.pick(["0", "-1", "7", "3.5", "999999999999", "1e400", "nil", "null"]);
    return insert(cut(text, at + number.index, number[0].length), at + number.index, other);
  },
  byLines((rng, lines) => lines.toSpliced(rng.int(lines.length), 0, rng.pick(lines))),
  byLines((rng, lines) => lines.toSpliced(rng.int(lines.length), 1 + rng.int(4))),
  byLines((rng, lines) => swapped(rng, lines)),
  byLines((rng, lines) => {
    const at = rng.int(lines.length);
    return lines.with(at, swapped(rng, lines[at]!.split(",")).join(","));
  }),
];

function byLines(change: (rng: Rng, lines: readonly string[]) => readonly string[]): Damage {
  return (rng, text) => change(rng, text.split("\n")).join("\n");
}

function swapped<T>(rng: Rng, items: readonly T[]): readonly T[] {
  const [a, b] = [rng.int(items.length), rng.int(items.length)];
  return items.with(a, items[b]!).with(b, items[a]!);
}

function cut(text: string, at: number, length: number): string {
  return text.slice(0, at) + text.slice(at + length);
}

function insert(text: string, at: number, scrap: string): string {
  return text.slice(0, at) + scrap + text.slice(at);
}

/** A record of a history as JSON lines hold it, of any shape. */
export type Record = Readonly<globalThis.Record<string, unknown>>;

/**
 * Keeps the syntax and changes what is said, so that the damage gets as far as the checkers: outcomes,
 * missing and doubled operations, elements lost, doubled, reordered, of other types, and in other places.
 */
export function damagedRecords(rng: Rng, records: readonly Record[]): readonly Record[] {
  let damaged = records;
  for (let i = 1 + rng.int(4); i > 0 && damaged.length > 0; i--) {
    const at = rng.int(damaged.length);
    const record = damaged[at]!;
    damaged = rng.pick<() => readonly Record[]>([
      () => damaged.toSpliced(at, 1),
      () => damaged.toSpliced(rng.int(damaged.length), 0, record),
      () => swapped(rng, damaged),
      () => damaged.with(at, { ...record, type: rng.pick(["ok", "fail", "info", "invoke"]) }),
      () => damaged.with(at, { ...record, process: rng.pick<Json>([0, 1, -1, "nemesis", 10_000_000]) }),
      () => damaged.with(at, { ...record, value: rng.pick(values) }),
      () => damaged.with(at, { ...record, value: damagedMops(rng, record.value) }),
      () => damaged.with(at, { ...record, value: damagedMops(rng, record.value) }),
      () => damaged.with(at, { ...record, value: damaged[rng.int(damaged.length)]!.value }),
    ])();
  }
  return damaged.map((record, index) => (rng.chance(0.98) ? { ...record, index } : record));
}

const values: readonly Json[] = [
  null,
  0,
  "x",
  [],
  [[]],
  [null],
  {},
  [["r", "x"]],
  [["w", "x", 1]],
  [["zap", 1, 2]],
];

function damagedMops(rng: Rng, value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0) return value;
  const mops: readonly unknown[] = value;
  const at = rng.int(mops.length);
  const [kind, key, content] = mops[at] as readonly Json[];
  return rng.pick<() => unknown>([
    () => mops.toSpliced(at, 1),
    () => [...mops, ...mops],
    () => swapped(rng, mops),
    () => mops.with(at, [kind, key, damagedContent(rng, content ?? null)]),
    () => mops.with(at, [kind, rng.pick<Json>(["x", "y", 1, null, [1], { a: 1 }]), content]),
    () => mops.with(at, [rng.pick(["append", "r", "w", "add", "rs", "other"]), key, content]),
  ])();
}

function damagedContent(rng: Rng, content: Json): Json {
  if (!Array.isArray(content) || content.length === 0)
    return rng.pick<Json>([null, [], 1, "1", [1, 1], [[1]], {}]);
  const items: readonly Json[] = content;
  const at = rng.int(items.length);
  return rng.pick<() => Json>([
    () => items.toSpliced(at, 1),
    () => items.toSpliced(rng.int(items.length), 0, items[at]!),
    () => [...swapped(rng, items)],
    () => items.with(at, rng.pick<Json>([null, 1, "nobody wrote this", [1], 0.5])),
    () => null,
  ])();
}
