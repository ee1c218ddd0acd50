import fc from "fast-check";
import type { Header } from "../../src/history/header.ts";
import { isMopList } from "../../src/history/mop-list.ts";
import type { Json, Mop, Operation } from "../../src/history/operation.ts";

/** Strings that codecs stumble over: any UTF-16 unit, quotes, control characters, our own marks. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 5 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    "",
    ":x",
    ":a/b",
    ":",
    "::x",
    ":x y",
    ":1",
    "nil",
    '"',
    "\\",
    "\n",
    "\0",
    "\u2028",
    "é",
    "😀",
  ),
  fc.constantFrom("#set", "#map", "#tag", "#string", "#int", "#float", "#char", "#symbol", "#decimal"),
  fc.constantFrom("__proto__", "constructor", "isolab", "index", "9007199254740993", "1.5", "a".repeat(40)),
);

/** Numbers that JSON keeps exactly, as we define it; no minus zero, which JSON does not have. */
export const number: fc.Arbitrary<number> = fc
  .oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }),
    fc.constantFrom(0, 1e-7, 0.1, 1 << 22),
  )
  .filter((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER)
  .map((value) => value + 0);

/** JSON as histories may hold it. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthIdentifier: "json" },
    fc.oneof(fc.constant(null), fc.boolean(), number, text),
    fc.array(tie("json"), { maxLength: 4, depthIdentifier: "json" }),
    fc.array(fc.tuple(text, tie("json")), { maxLength: 3, depthIdentifier: "json" }).map(fromEntries),
    fc.tuple(text, tie("json")).map((entry) => fromEntries([entry])),
  ),
})).json;

/** `Object.fromEntries` gives `__proto__` a member of its own, as JSON.parse does. */
function fromEntries(entries: readonly (readonly [string, Json])[]): Json {
  return Object.fromEntries(entries);
}

export const mop: fc.Arbitrary<Mop> = fc.oneof(
  fc.tuple(fc.constantFrom("append", "w", "add"), fc.oneof(text, number), fc.oneof(number, text)),
  fc.tuple(fc.constantFrom("r", "rs"), fc.oneof(text, number), fc.oneof(fc.constant(null), fc.array(number))),
  fc.tuple(text, json, json),
);

const value: fc.Arbitrary<readonly Mop[] | Json> = fc.oneof(
  { weight: 4, arbitrary: fc.array(mop, { maxLength: 4 }) },
  { weight: 1, arbitrary: json.filter((value) => !isMopList(value)) },
);

const outcome = fc.record({
  actor: fc.integer({ min: 0, max: 3 }),
  type: fc.constantFrom("ok" as const, "fail" as const, "info" as const),
  f: fc.oneof(fc.constantFrom("txn", "register", "kill/node"), text),
  invoked: value,
  completed: value,
  data: fc.option(json, { nil: undefined }),
  error: fc.option(fc.oneof(fc.record({ cause: text, code: fc.oneof(text, number) }), json), {
    nil: undefined,
  }),
  /** How many operations may be open at once is decided by when each is completed. */
  late: fc.boolean(),
});

export const header: fc.Arbitrary<Header> = fc
  .record({
    seed: text,
    workload: text,
    variant: fc.option(text, { nil: undefined }),
    params: fc.dictionary(text, json, { maxKeys: 3 }),
    mode: fc.constantFrom("stress" as const, "interleaved" as const),
    isolation: fc.constantFrom("read-committed" as const, "serializable" as const),
    kind: fc.constantFrom("postgres" as const, "mysql" as const, "mariadb" as const),
    settings: fc.dictionary(text, text, { maxKeys: 2 }),
    checks: fc.option(fc.array(text, { maxLength: 2 }), { nil: undefined }),
  })
  .map(({ variant, checks, kind, settings, params, ...rest }): Header => ({
    isolab: 1,
    ...rest,
    ...(variant === undefined ? {} : { variant }),
    params: { ...params },
    database: { kind, version: "18.4", settings: { ...settings } },
    ...(checks === undefined ? {} : { checks }),
  }));

/** Well-formed operations of a history of ours: processes overlap, and none acts after `info`. */
export const operations: fc.Arbitrary<Operation[]> = fc.array(outcome, { maxLength: 12 }).map((outcomes) => {
  const lines: Omit<Operation, "index" | "time">[] = [];
  const open = new Map<number, Omit<Operation, "index" | "time">>();
  let crashes = 0;
  const close = (actor: number): void => {
    const completion = open.get(actor);
    if (completion !== undefined) lines.push(completion);
    open.delete(actor);
  };
  for (const { actor, type, f, invoked, completed, data, error, late } of outcomes) {
    close(actor);
    // A process that may crash is never used again.
    const process = type === "info" ? 10 + crashes++ : actor;
    lines.push({ process, type: "invoke", f, value: invoked });
    open.set(actor, {
      process,
      type,
      f,
      value: completed,
      ...(data === undefined ? {} : { data }),
      ...(error === undefined ? {} : { error }),
    });
    if (!late) close(actor);
  }
  lines.push({ process: "nemesis", type: "info", f: "pause", value: null });
  return lines.map((line, index) => ({ index, time: index * 3, ...line }));
});

/** A small header for tests that do not care. */
export const someHeader: Header = {
  isolab: 1,
  seed: "42",
  workload: "register",
  params: {},
  mode: "stress",
  isolation: "read-committed",
  database: { kind: "postgres", version: "18.4", settings: {} },
};
