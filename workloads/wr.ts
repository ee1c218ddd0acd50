import {
  defineWorkload,
  registerTransactions,
  type Dialect,
  type Expectation,
  type Json,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Transaction,
} from "isolab";

const update = "update registers set val = $2 where id = $1";

const writes = {
  update: { table: "registers", statement: { postgres: update, mysql: update } },
  upsert: {
    table: "upserted",
    statement: {
      postgres:
        "insert into upserted (id, val) values ($1, $2) on conflict (id) do update set val = excluded.val",
      mysql: "insert into upserted (id, val) values ($1, $2) on duplicate key update val = values(val)",
    },
  },
} satisfies Record<string, Write>;

/** What each level promises, by database; the same for every way of writing. */
const expect: readonly Expectation[] = [
  { on: ["mysql", "mariadb"], at: ["read-uncommitted"], must: ["G1b", "internal"] },
  { on: ["postgres"], at: ["read-uncommitted"], must: ["internal"], never: ["G1a", "G1b", "G1c"] },
  { at: ["read-committed"], must: ["internal"] },
  { at: ["read-committed", "repeatable-read", "serializable"], never: ["G1a", "G1b", "G1c"] },
  { on: ["postgres"], at: ["repeatable-read"], never: ["internal", "G-single-item", "lost-update"] },
  { at: ["serializable"], never: ["internal", "G-single-item", "lost-update", "G2-item"] },
];

/**
 * Registers: random transactions read rows and replace their values by others that nobody ever wrote
 * before, so that a read names its writer (elle.rw-register; Kingsbury and Alvaro, "Elle", VLDB 2020,
 * section 5). Reads do not tell in which order values followed each other, so a history proves less than
 * one of `append`; but these are plain updates, as applications make them.
 */
export default defineWorkload({
  name: "wr",
  summary: "registers: random transactions that read rows and replace their values",
  cannotReveal:
    "phantoms, for every read names its key, and cycles that only the order of two writes would close",
  parameters: {
    keys: { summary: "registers in use at the same time", default: 6, min: 1, max: 1_000 },
    "writes-per-key": {
      summary: "writes planned for a register before a fresh one takes its place",
      default: 8,
      min: 1,
      max: 1_000,
    },
    "max-length": { summary: "micro-operations in the longest transaction", default: 4, min: 1, max: 32 },
  },
  schema: () =>
    Object.values(writes).map(({ table }) => `create table ${table} (id int primary key, val int)`),
  setup: (_, plan) => {
    const rows = keysOf(plan).map((key) => `(${key}, null)`);
    return rows.length === 0 ? [] : [`insert into ${writes.update.table} values ${rows.join(", ")}`];
  },
  generator: (parameters) =>
    registerTransactions({
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
    update: {
      summary: "the rows are there from the beginning, and each write is one UPDATE",
      operations: operations(writes.update),
      expect,
    },
    upsert: {
      summary: "one INSERT … ON CONFLICT / ON DUPLICATE KEY UPDATE per write",
      operations: operations(writes.upsert),
      expect,
    },
  },
});

/** How a variant writes, and where. */
interface Write {
  readonly table: string;
  readonly statement: Readonly<Record<Dialect, string>>;
}

function operations({ table, statement }: Write): Record<string, OperationDefinition> {
  const transaction: OperationDefinition = {
    invoke: mopsOf,
    run: async (session, args) => ({
      value: await session.transaction(async (tx) => {
        const done: Mop[] = [];
        for (const [index, mop] of mopsOf(args).entries()) {
          if (index > 0) await session.think();
          done.push(await perform(tx, mop, { table, statement: statement[session.dialect] }));
        }
        return done;
      }),
    }),
  };
  return { txn: transaction, "read-at-rest": transaction };
}

async function perform(
  tx: Transaction,
  [kind, key, value]: Mop,
  { table, statement }: { readonly table: string; readonly statement: string },
): Promise<Mop> {
  if (kind === "w") {
    await tx.query(statement, [key, value]);
    return [kind, key, value];
  }
  const { rows } = await tx.query<{ val: number | null }>(`select val from ${table} where id = $1`, [key]);
  return [kind, key, rows[0]?.val ?? null];
}

function mopsOf(args: PlannedOperation["args"]): readonly Mop[] {
  return args.mops as Json as readonly Mop[];
}

function keysOf(plan: readonly PlannedOperation[]): readonly number[] {
  const keys = plan.flatMap(({ args }) => mopsOf(args).map(([, key]) => Number(key)));
  return [...new Set(keys)].sort((a, b) => a - b);
}
