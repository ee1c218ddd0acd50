import fc from "fast-check";

import type { SimulatedServer } from "./simulated-database.ts";
import type { Instruction, Script, Touch } from "./simulation.ts";

/** Servers and levels whose differences matter to the order of steps. */
export const servers: readonly SimulatedServer[] = [
  { database: "postgres", isolation: "read-committed" },
  { database: "postgres", isolation: "repeatable-read" },
  { database: "mariadb", isolation: "read-uncommitted" },
  { database: "mariadb", isolation: "read-committed" },
  { database: "mariadb", isolation: "repeatable-read" },
  { database: "mariadb", isolation: "serializable" },
  { database: "mariadb", isolation: "repeatable-read", oneWaiter: true },
  { database: "mariadb", isolation: "serializable", oneWaiter: true },
];

function manyTimes<T>(times: number, item: T): T[] {
  return Array.from({ length: times }, () => item);
}

const touch: fc.Arbitrary<Touch> = fc.record({
  table: fc.constantFrom("a", "b", "c"),
  row: fc.constantFrom(0, 0, 0, 1),
  how: fc.constantFrom(
    ...manyTimes<Touch["how"]>(4, "read"),
    ...manyTimes<Touch["how"]>(4, "write"),
    "lock",
    "lock",
    "try",
  ),
  put: fc.integer({ min: 1, max: 9 }),
});

const statement: fc.Arbitrary<Instruction> = fc.oneof(
  { weight: 7, arbitrary: fc.array(touch, { minLength: 1, maxLength: 2 }).map((list) => ({ touch: list })) },
  { weight: 1, arbitrary: fc.constant({ think: true }) },
);

const instruction: fc.Arbitrary<Instruction> = fc.oneof(
  { weight: 6, arbitrary: statement },
  {
    weight: 1,
    arbitrary: fc.record({ even: fc.array(statement, { maxLength: 1 }), odd: fc.tuple(statement) }),
  },
);

const end = fc.constantFrom("commit", "commit", "commit", "rollback");

/** A session's script with so many statements and thinks, in one operation or, if there is room, in two. */
function script(statements: number): fc.Arbitrary<Script> {
  const body = fc.array(instruction, { minLength: statements, maxLength: statements });
  const one = fc.record({ body, end }).map((operation) => [operation]);
  if (statements < 2) return one;
  const single = fc.record({ body: fc.tuple(instruction), end });
  return fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: fc.tuple(single, single) });
}

/** Two sessions, or three of fewer steps: a number of interleavings that can be executed one by one. */
export const scripts: fc.Arbitrary<readonly Script[]> = fc.oneof(
  fc.tuple(script(3), script(3)),
  fc.tuple(script(2), script(1), script(2)),
  fc.tuple(script(1), script(2), script(1)),
);
