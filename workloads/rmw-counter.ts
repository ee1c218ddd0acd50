import {
  Abort,
  defineWorkload,
  hotKeys,
  lostUpdateRules,
  retryOn,
  serverRefusals,
  type Completed,
  type Expectation,
  type OperationDefinition,
  type PlannedOperation,
  type Transaction,
} from "isolab";

const lost = ["lost-increment", "lost-update"];

/** A counter that is read, raised in application code and written back loses increments, where the server lets it. */
const losing: readonly Expectation[] = lostUpdateRules(lost);

/**
 * Counters that everybody increments by one: when everything has ended, a counter holds as much as
 * increments were committed.
 *
 * A counter's row is a register with a version column (`revision`), into which each increment writes its
 * attempt's id beside the new count. Two increments may write the same count, so the count is no version.
 */
export default defineWorkload({
  name: "rmw-counter",
  summary: "read a counter, add one, write it back: no increment may be lost",
  cannotReveal: "anomalies between two rows, and phantoms: a transaction touches one row",
  parameters: {
    counters: { summary: "counters that are incremented at the same time", default: 2, min: 1, max: 100 },
    "increments-per-counter": {
      summary: "increments planned for a counter before a fresh one takes its place",
      default: 24,
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
      uses: parameters["increments-per-counter"] ?? 1,
      operation: (key) => ({ f: "increment", args: { counter: key + 1 } }),
    }),
  atRest: (plan) => countersOf(plan).map((counter) => ({ f: "read-at-rest", args: { counter } })),
  checks: ["counter"],
  contention: { low: { counters: 50 }, high: { counters: 1 } },
  variants: {
    naive: {
      summary: "read the count, add one, write it back; nothing keeps two callers apart",
      operations: operations(increment({ write: overwrite })),
      expect: losing,
    },
    "for-update": {
      summary: "read the count with SELECT … FOR UPDATE",
      operations: operations(increment({ lock: "for update", write: overwrite })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
    atomic: {
      summary: "UPDATE … SET value = value + 1, without reading first",
      operations: operations(atomicIncrement()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
    optimistic: {
      summary:
        "write back only WHERE the revision is the one that was read, and another attempt where it is not",
      operations: operations(increment({ write: overwriteUnchanged })),
      retry: retryOn("stale-revision", ...serverRefusals),
      expect: [{ never: lost }],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(increment({ write: overwrite })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
  },
});

/** A counter as a transaction read it. */
interface Counter {
  readonly value: number;
  readonly revision: number;
  /** The attempt that last changed it; empty where nobody has. */
  readonly changed_by: string;
}

/** How a variant reads a counter, and how it writes the new count. */
interface Increment {
  /** The locking clause of the statement that reads the counter. */
  readonly lock?: string;
  /** Answers the row's new revision, or null where that is not known. */
  readonly write: (tx: Transaction, counter: number, change: Change) => Promise<number | null>;
}

interface Change {
  readonly seen: Counter;
  readonly attempt: string;
}

function increment({ lock = "", write }: Increment): OperationDefinition {
  return {
    invoke: (args, attempt) => {
      const key = keyOf(counterOf(args));
      return [
        ["r", key, null],
        ["w", key, [null, attempt]],
      ];
    },
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const counter = counterOf(args);
        const seen = await read(tx, counter, lock);
        await session.think();
        const revision = await write(tx, counter, { seen, attempt });
        const key = keyOf(counter);
        return {
          value: [
            ["r", key, versionOf(seen)],
            ["w", key, [revision, attempt]],
          ],
          data: { counted: { [key]: seen.value + 1 } },
        };
      }),
  };
}

async function overwrite(tx: Transaction, counter: number, { seen, attempt }: Change): Promise<null> {
  await tx.query("update counters set value = $2, revision = revision + 1, changed_by = $3 where id = $1", [
    counter,
    seen.value + 1,
    attempt,
  ]);
  // Somebody may have come in between, so the row's revision need not be the next.
  return null;
}

async function overwriteUnchanged(
  tx: Transaction,
  counter: number,
  { seen, attempt }: Change,
): Promise<number> {
  const { affected } = await tx.query(
    `update counters set value = $2, revision = revision + 1, changed_by = $3
     where id = $1 and revision = $4`,
    [counter, seen.value + 1, attempt, seen.revision],
  );
  if (affected === 0) throw new Abort("stale-revision");
  return seen.revision + 1;
}

/** Reads nothing, so nobody knows which count it made. */
function atomicIncrement(): OperationDefinition {
  return {
    invoke: (args, attempt) => [["w", keyOf(counterOf(args)), [null, attempt]]],
    run: async (session, args, attempt) => {
      const counter = counterOf(args);
      await session.transaction(async (tx) => {
        await tx.query(
          "update counters set value = value + 1, revision = revision + 1, changed_by = $2 where id = $1",
          [counter, attempt],
        );
        await session.think();
      });
      return { value: [["w", keyOf(counter), [null, attempt]]] };
    },
  };
}

/** The read of one counter after everything else has ended. */
function readAtRest(): OperationDefinition {
  return {
    invoke: (args) => [["r", keyOf(counterOf(args)), null]],
    run: async (session, args) => {
      const counter = counterOf(args);
      const seen = await session.transaction((tx) => read(tx, counter));
      const key = keyOf(counter);
      return { value: [["r", key, versionOf(seen)]], data: { counts: { [key]: seen.value } } };
    },
  };
}

async function read(tx: Transaction, counter: number, lock = ""): Promise<Counter> {
  const { rows } = await tx.query<{ value: number; revision: number; changed_by: string }>(
    `select value, revision, changed_by from counters where id = $1 ${lock}`,
    [counter],
  );
  const [row] = rows;
  if (row === undefined) throw new Abort("no-such-counter");
  return row;
}

/** The register's version: null as long as nobody changed it. */
function versionOf({ revision, changed_by }: Counter): readonly [number, string] | null {
  return revision === 0 ? null : [revision, changed_by];
}

function keyOf(counter: number): string {
  return `counter/${counter}`;
}

function counterOf(args: PlannedOperation["args"]): number {
  return Number(args.counter);
}

function countersOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => counterOf(args)))].sort((a, b) => a - b);
}

/** Every variant reads a counter at rest in the same way. */
function operations(increment: OperationDefinition): Record<string, OperationDefinition> {
  return { increment, "read-at-rest": readAtRest() };
}
