import {
  listAppendTransactions,
  defineWorkload,
  type Dialect,
  type Json,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Transaction,
} from "isolab";

/**
 * List-append, the workload whose histories say most: every transaction reads lists and appends
 * unique elements to them, so that a read shows the whole order of the writes before it
 * (Kingsbury and Alvaro, "Elle", VLDB 2020). A list is one text value; keys are spread over three
 * tables, as in Jepsen's tests of PostgreSQL and MySQL.
 */
export default defineWorkload({
  name: "append",
  summary: "list-append over three tables: random transactions that read and append",
  cannotReveal: "phantoms: every read names its key",
  parameters: {
    keys: { summary: "lists in use at the same time", default: 8, min: 1, max: 1_000 },
    "writes-per-key": {
      summary: "appends planned for a list before a fresh one takes its place",
      default: 64,
      min: 1,
      max: 1_000,
    },
    "max-length": { summary: "micro-operations in the longest transaction", default: 4, min: 1, max: 32 },
  },
  schema: (dialect) =>
    tables.map((table) => `create table ${table} (id int primary key, val ${text[dialect]} not null)`),
  setup: () => [],
  generator: (parameters) =>
    listAppendTransactions({
      keyCount: parameters.keys ?? 1,
      maxWritesPerKey: parameters["writes-per-key"] ?? 1,
      minLength: 1,
      maxLength: parameters["max-length"] ?? 1,
      keyDistribution: "exponential",
      readFraction: 0.5,
    }),
  atRest: (plan) => keysOf(plan).map((key) => ({ f: "read-at-rest", args: { mops: [["r", key, null]] } })),
  checks: [],
  variants: {
    upsert: {
      summary: "one INSERT … ON CONFLICT / ON DUPLICATE KEY UPDATE per append",
      operations: { txn: transaction(), "read-at-rest": transaction() },
      expect: [
        { never: ["G0", "duplicate-elements"] },
        { at: ["read-committed", "repeatable-read", "serializable"], never: ["incompatible-order"] },
        { on: ["postgres"], never: ["G1a", "G1b", "G1c"] },
        { on: ["postgres"], at: ["repeatable-read"], never: ["G-single-item", "lost-update"] },
        { on: ["postgres"], at: ["serializable"], never: ["G-single-item", "lost-update", "G2-item"] },
      ],
    },
  },
});

const tables = ["append0", "append1", "append2"] as const;

function transaction(): OperationDefinition {
  return {
    invoke: mopsOf,
    run: async (session, args) => ({
      value: await session.transaction(async (tx) => {
        const done: Mop[] = [];
        for (const [index, mop] of mopsOf(args).entries()) {
          if (index > 0) await session.think();
          done.push(await perform(tx, session.dialect, mop));
        }
        return done;
      }),
    }),
  };
}

async function perform(tx: Transaction, dialect: Dialect, [kind, key, value]: Mop): Promise<Mop> {
  const table = tables[Number(key) % tables.length] ?? tables[0];
  if (kind === "append") {
    await tx.query(appendStatement[dialect](table), [key, `${Number(value)}`]);
    return [kind, key, value];
  }
  const { rows } = await tx.query<{ val: string }>(`select val from ${table} where id = $1`, [key]);
  return [kind, key, rows[0]?.val.split(",").map(Number) ?? []];
}

const appendStatement = {
  postgres: (table: string) =>
    `insert into ${table} as t (id, val) values ($1, $2)
     on conflict (id) do update set val = concat(t.val, ',', excluded.val)`,
  mysql: (table: string) =>
    `insert into ${table} (id, val) values ($1, $2)
     on duplicate key update val = concat(val, ',', values(val))`,
};

const text = { postgres: "text", mysql: "longtext" } as const;

function mopsOf(args: PlannedOperation["args"]): readonly Mop[] {
  return args.mops as Json as readonly Mop[];
}

function keysOf(plan: readonly PlannedOperation[]): readonly number[] {
  const keys = plan.flatMap(({ args }) => mopsOf(args).map(([, key]) => Number(key)));
  return [...new Set(keys)].sort((a, b) => a - b);
}
