import {
  Abort,
  atLeast,
  defineWorkload,
  hotKeys,
  retryOn,
  serverRefusals,
  type Expectation,
  type Json,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type Transaction,
} from "isolab";

const backwards = ["non-monotonic-read"];

/** InnoDB's READ UNCOMMITTED shows raises that are taken back. */
const taken: Expectation = { on: ["mysql", "mariadb"], at: ["read-uncommitted"], must: backwards };

/** What a server without replicas keeps by itself, as long as nobody writes a smaller count. */
const kept: readonly Expectation[] = [
  { on: ["postgres"], never: backwards },
  { at: ["read-committed", "serializable"], never: backwards },
];

/** InnoDB's REPEATABLE READ, where it does not refuse to leave its snapshot. */
function atLooseRepeatableRead(anomalies: readonly string[]): readonly Expectation[] {
  return [
    { on: ["mysql"], at: ["repeatable-read"], must: anomalies },
    {
      on: ["mariadb"],
      at: ["repeatable-read"],
      settings: { innodb_snapshot_isolation: "OFF" },
      must: anomalies,
    },
    {
      on: ["mariadb"],
      at: ["repeatable-read"],
      settings: { innodb_snapshot_isolation: "ON" },
      never: anomalies,
    },
  ];
}

/**
 * Counters that only ever grow: no session may see one go backwards (Terry et al., "Session Guarantees for
 * Weakly Consistent Replicated Data", PDIS 1994: monotonic reads). Where all sessions talk to one server, what
 * breaks it is either the application that writes an old count back, or a read of what is later taken back, or
 * a transaction that mixes reads of its snapshot with reads of the newest row. Now and then the plan has an
 * increment undone.
 *
 * A counter's row is a register with a version column (`revision`), into which each increment writes its
 * attempt's id beside the new count.
 */
export default defineWorkload({
  name: "monotonic",
  summary: "counters that only grow: no session sees one go backwards",
  cannotReveal: "stale replicas, which are what the guarantee is about: all sessions talk to one server",
  parameters: {
    counters: { summary: "counters in use at the same time", default: 1, min: 1, max: 100 },
    "uses-per-counter": {
      summary: "operations planned for a counter before a fresh one takes its place",
      default: 48,
      min: 1,
      max: 1_000,
    },
  },
  schema: () => [
    `create table counters (
       id int primary key, value int not null default 0,
       revision int not null default 0, changed_by varchar(40) not null default '')`,
  ],
  setup: (_, plan) => {
    const rows = countersOf(plan).map((counter) => `(${counter})`);
    return rows.length === 0 ? [] : [`insert into counters (id) values ${rows.join(", ")}`];
  },
  generator: (parameters) =>
    hotKeys({
      active: parameters.counters ?? 1,
      uses: parameters["uses-per-counter"] ?? 1,
      operation: (key, rng): PlannedOperation =>
        rng.chance(0.5)
          ? { f: "look", args: { counter: key + 1 } }
          : { f: "increment", args: { counter: key + 1, by: 1 + rng.int(9), undo: rng.chance(0.3) } },
    }),
  atRest: (plan) => countersOf(plan).map((counter) => ({ f: "read-at-rest", args: { counter } })),
  checks: ["monotonic"],
  contention: { low: { counters: 50 }, high: { counters: 1 } },
  variants: {
    "write-back": {
      summary: "increments read the count, add to it and write it back, so that a slow one undoes a fast one",
      operations: operations(writeBack(), look([""])),
      expect: [
        { at: ["read-uncommitted", "read-committed"], must: backwards },
        { on: ["postgres"], at: atLeast("repeatable-read"), never: backwards },
        ...atLooseRepeatableRead(backwards),
        { at: ["serializable"], never: backwards },
      ],
    },
    atomic: {
      summary: "increments are UPDATE … SET value = value + n, readers read",
      operations: operations(atomicIncrement(), look([""])),
      retry: retryOn(...serverRefusals),
      expect: [taken, ...kept, { at: ["repeatable-read"], never: backwards }],
    },
    "mixed-reads": {
      summary: "readers read, read again with SELECT … FOR UPDATE, and read once more, in one transaction",
      operations: operations(atomicIncrement(), look(["", "for update", ""])),
      retry: retryOn(...serverRefusals),
      // A locking read of InnoDB shows the newest row, the plain one after it the snapshot again.
      expect: [taken, ...kept, ...atLooseRepeatableRead(backwards)],
    },
    "for-update": {
      summary: "readers read with SELECT … FOR UPDATE only",
      operations: operations(atomicIncrement(), look(["for update", "for update"])),
      retry: retryOn(...serverRefusals),
      expect: [{ never: backwards }],
    },
  },
});

/** A counter as a statement showed it. */
interface Counter {
  readonly value: number;
  readonly revision: number;
  /** The attempt that last changed it; empty where nobody has. */
  readonly changed_by: string;
}

/** Reads the row once more after it wrote, as one does who answers with what is stored now. */
function writeBack(): OperationDefinition {
  return {
    invoke: (args, attempt) => [
      ["r", keyOf(args), null],
      ["w", keyOf(args), [null, attempt]],
      ["r", keyOf(args), null],
    ],
    run: (session, args, attempt) =>
      session.transaction(async (tx) => {
        const before = await read(tx, args);
        await session.think();
        await tx.query(
          "update counters set value = $2, revision = revision + 1, changed_by = $3 where id = $1",
          [args.counter, before.value + Number(args.by), attempt],
        );
        const after = await read(tx, args);
        await changeOfMind(session, args);
        return {
          value: [
            ["r", keyOf(args), versionOf(before)],
            ["w", keyOf(args), [after.revision, attempt]],
            ["r", keyOf(args), versionOf(after)],
          ],
          data: counts(args, [before, after]),
        };
      }),
  };
}

function atomicIncrement(): OperationDefinition {
  return {
    invoke: (args, attempt) => [["w", keyOf(args), [null, attempt]]],
    run: (session, args, attempt) =>
      session.transaction(async (tx) => {
        await tx.query(
          "update counters set value = value + $2, revision = revision + 1, changed_by = $3 where id = $1",
          [args.counter, args.by, attempt],
        );
        await changeOfMind(session, args);
        return { value: [["w", keyOf(args), [null, attempt]]] };
      }),
  };
}

/** The plan says whether the increment is undone. */
async function changeOfMind(session: Session, args: PlannedOperation["args"]): Promise<void> {
  if (args.undo !== true) return;
  await session.think();
  throw new Abort("changed-mind");
}

/** One transaction with a read for each of these locking clauses. */
function look(locks: readonly string[]): OperationDefinition {
  return {
    invoke: (args) => locks.map(() => ["r", keyOf(args), null]),
    run: (session, args) =>
      session.transaction(async (tx) => {
        const seen: Counter[] = [];
        for (const [position, lock] of locks.entries()) {
          if (position > 0) await session.think();
          seen.push(await read(tx, args, lock));
        }
        return {
          value: seen.map((one) => ["r", keyOf(args), versionOf(one)]),
          data: counts(args, seen),
        };
      }),
  };
}

async function read(tx: Transaction, args: PlannedOperation["args"], lock = ""): Promise<Counter> {
  const { rows } = await tx.query<{ value: number; revision: number; changed_by: string }>(
    `select value, revision, changed_by from counters where id = $1 ${lock}`,
    [args.counter],
  );
  const [row] = rows;
  if (row === undefined) throw new Abort("no-such-counter");
  return row;
}

/** The register's version: null as long as nobody changed it. */
function versionOf({ revision, changed_by }: Counter): readonly [number, string] | null {
  return revision === 0 ? null : [revision, changed_by];
}

/** For the check: the counts in the order in which they were read. */
function counts(args: PlannedOperation["args"], seen: readonly Counter[]): Json {
  return { saw: { [keyOf(args)]: seen.map(({ value }) => value) } };
}

function keyOf(args: PlannedOperation["args"]): string {
  return `counter/${Number(args.counter)}`;
}

function countersOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => Number(args.counter)))].sort((a, b) => a - b);
}

function operations(
  increment: OperationDefinition,
  looking: OperationDefinition,
): Record<string, OperationDefinition> {
  return { increment, look: looking, "read-at-rest": look([""]) };
}
