import fc from "fast-check";

import type { PlanEntry } from "../../../src/generators/plan.ts";
import { databaseKinds, isolationLevels } from "../../../src/history/header.ts";
import type { Json } from "../../../src/history/operation.ts";
import type { Reproduction } from "../../../src/report/reproduction/reproduction.ts";
import type { Move } from "../../../src/scheduler/move.ts";

const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2 })
  .map(
    (value) =>
      JSON.parse(JSON.stringify(value, (_, item: unknown) => (Object.is(item, -0) ? 0 : safe(item)))) as Json,
  );

function safe(item: unknown): unknown {
  return typeof item === "number" && Math.abs(item) > Number.MAX_SAFE_INTEGER ? 1 : item;
}

const record = fc.dictionary(
  fc.string().filter((name) => name !== "__proto__"),
  json,
  { maxKeys: 3 },
);
const name = fc.string({ minLength: 1, maxLength: 12 });
const count = fc.nat({ max: 1000 });

/** Any reproduction that fits a token. */
export const reproduction: fc.Arbitrary<Reproduction> = fc.integer({ min: 2, max: 4 }).chain((sessions) =>
  fc.record({
    workload: name,
    variant: fc.string({ maxLength: 12 }),
    parameters: record,
    database: fc.record({
      kind: fc.constantFrom(...databaseKinds),
      version: fc.string({ maxLength: 8 }),
      settings: fc.dictionary(fc.stringMatching(/^[a-z_]{1,20}$/), fc.string({ maxLength: 20 }), {
        maxKeys: 4,
      }),
    }),
    isolation: fc.constantFrom(...isolationLevels),
    seed: fc.string({ maxLength: 20 }),
    plan: fc.tuple(
      ...Array.from({ length: sessions }, (_, session) => fc.array(entry(session), { maxLength: 3 })),
    ),
    moves: fc.array(move(sessions), { maxLength: 30 }),
  }),
);

function entry(session: number): fc.Arbitrary<PlanEntry> {
  return fc.record(
    { id: count, session: fc.constant(session), f: name, args: record, atNanos: count, phase: count },
    { requiredKeys: ["id", "session", "f", "args"] },
  );
}

function move(sessions: number): fc.Arbitrary<Move> {
  const session = fc.nat({ max: sessions - 1 });
  return fc.oneof(
    fc.record({ kind: fc.constant("grant"), session }),
    fc
      .uniqueArray(session, { minLength: 2, maxLength: 2 })
      .map((both): Move => ({ kind: "overlap", sessions: both as unknown as readonly [number, number] })),
    fc.record({ kind: fc.constant("fault"), fault: name.filter((fault) => fault !== "__proto__"), session }),
  );
}

/** One as it is found in practice. */
export const usual: Reproduction = {
  workload: "register",
  variant: "naive",
  parameters: { models: 1, "versions-per-model": 24 },
  database: {
    kind: "postgres",
    version: "18.4",
    settings: {
      deadlock_timeout: "10ms",
      default_transaction_isolation: "read committed",
      fsync: "off",
      lock_timeout: "0",
      statement_timeout: "0",
      synchronous_commit: "on",
      transaction_isolation: "read committed",
    },
  },
  isolation: "read-committed",
  seed: "42",
  plan: [
    [{ id: 0, session: 0, f: "register", args: { model: "model/1" } }],
    [{ id: 1, session: 1, f: "register", args: { model: "model/1" } }],
  ],
  moves: [0, 0, 1, 1, 0, 1, 1, 0, 0].map((session): Move => ({ kind: "grant", session })),
};
