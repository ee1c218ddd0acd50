import {
  Abort,
  below,
  defineWorkload,
  hotKeys,
  lostUpdateRules,
  retryOn,
  serverRefusals,
  type Completed,
  type Expectation,
  type Json,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Transaction,
} from "isolab";

const twice = "voucher-used-twice";

/** Both write the voucher's row, which is a lost update, where the server lets it be lost. */
const losing: readonly Expectation[] = lostUpdateRules([twice, "lost-update"]);

/**
 * A shop's vouchers, each good for one order: check that it is unused, then use it (Warszawski and Bailis,
 * "ACIDRain", SIGMOD 2017, section 4: one of the invariants that most of the shops broke). Check and act may
 * be in one transaction, where the level decides what becomes of it, or in two, where no level helps.
 *
 * A voucher's row is a register with a version column (`uses`), into which an order writes its attempt's id. Where
 * uses are rows of their own, they are a set that is read whole. An order whose check is a transaction of its own
 * tells only what the other one did, for the two together are no transaction of the database.
 */
export default defineWorkload({
  name: "voucher-once",
  summary: "use a voucher if it is unused: no voucher is good for two orders",
  cannotReveal: "vouchers that are lost: an order that fails after it used one is rolled back as a whole",
  parameters: {
    vouchers: { summary: "vouchers that are used at the same time", default: 2, min: 1, max: 100 },
    "orders-per-voucher": {
      summary: "orders planned with a voucher before a fresh one takes its place",
      default: 4,
      min: 1,
      max: 1_000,
    },
  },
  schema: () => [
    "create table vouchers (id int primary key, used_by varchar(40) not null default '', uses int not null default 0)",
    "create table voucher_uses (used_by varchar(40) primary key, voucher_id int not null)",
    "create index uses_of_voucher on voucher_uses (voucher_id)",
  ],
  setup: (_, plan) => {
    const rows = vouchersOf(plan).map((voucher) => `(${voucher})`);
    return rows.length === 0 ? [] : [`insert into vouchers (id) values ${rows.join(", ")}`];
  },
  generator: (parameters) =>
    hotKeys({
      active: parameters.vouchers ?? 1,
      uses: parameters["orders-per-voucher"] ?? 1,
      operation: (key) => ({ f: "order", args: { voucher: key + 1 } }),
    }),
  atRest: (plan) => vouchersOf(plan).map((voucher) => ({ f: "read-at-rest", args: { voucher } })),
  checks: ["vouchers"],
  contention: { low: { vouchers: 50 }, high: { vouchers: 1 } },
  variants: {
    naive: {
      summary: "read the voucher, write who used it if nobody has; nothing is locked",
      operations: operations(order()),
      expect: losing,
    },
    "for-update": {
      summary: "read the voucher with SELECT … FOR UPDATE",
      operations: operations(order("for update")),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [twice, "lost-update"] }],
    },
    "insert-use": {
      summary: "look for a recorded use, insert one if there is none: a snapshot does not notice that",
      operations: operations(orderWithUses()),
      expect: [
        { at: below("serializable"), must: [twice, "G2"] },
        { at: ["serializable"], never: [twice, "G2"] },
      ],
    },
    "separate-transactions": {
      summary: "check in one transaction, use in another one: no level fixes that",
      operations: operations(orderInTwo(overwrite)),
      retry: retryOn(...serverRefusals),
      expect: [{ must: [twice] }],
    },
    conditional: {
      summary:
        "check first for the user's sake, then UPDATE … WHERE used_by = '' and see whether it changed a row",
      operations: operations(orderInTwo(useUnused)),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [twice] }],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(order()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [twice, "lost-update"] }],
    },
  },
});

/** A voucher as a transaction read it. */
interface Voucher {
  /** The attempt that used it; empty where nobody has. */
  readonly used_by: string;
  readonly uses: number;
}

/** Check and use in one transaction. */
function order(lock = ""): OperationDefinition {
  return {
    invoke: (args, attempt) => [["r", keyOf(args), null], ...used(args, attempt).value],
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const seen = await read(tx, args, lock);
        await session.think();
        if (seen.uses > 0) return { value: [readOf(args, seen)] };
        await overwrite(tx, args, attempt);
        const { value, data } = used(args, attempt);
        return { value: [readOf(args, seen), ...value], data };
      }),
  };
}

/** Check in one transaction, use in another one. */
function orderInTwo(use: typeof overwrite): OperationDefinition {
  return {
    invoke: (args, attempt) => used(args, attempt).value,
    run: async (session, args, attempt): Promise<Completed> => {
      const seen = await session.transaction((tx) => read(tx, args));
      await session.think();
      if (seen.uses > 0) return { value: [readOf(args, seen)] };
      await session.transaction((tx) => use(tx, args, attempt));
      return used(args, attempt);
    },
  };
}

async function overwrite(tx: Transaction, args: PlannedOperation["args"], attempt: string): Promise<void> {
  await tx.query("update vouchers set used_by = $2, uses = uses + 1 where id = $1", [
    voucherOf(args),
    attempt,
  ]);
}

async function useUnused(tx: Transaction, args: PlannedOperation["args"], attempt: string): Promise<void> {
  const { affected } = await tx.query(
    "update vouchers set used_by = $2, uses = uses + 1 where id = $1 and used_by = ''",
    [voucherOf(args), attempt],
  );
  if (affected === 0) throw new Abort("already-used");
}

/** The same check and use where uses are rows of their own. */
function orderWithUses(): OperationDefinition {
  return {
    invoke: (args, attempt) => [
      ["rs", usesKey(args), null],
      ["add", usesKey(args), attempt],
    ],
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const seen = await usesOf(tx, args);
        await session.think();
        if (seen.length > 0) return { value: [["rs", usesKey(args), seen]] };
        await tx.query("insert into voucher_uses (used_by, voucher_id) values ($1, $2)", [
          attempt,
          voucherOf(args),
        ]);
        return {
          value: [
            ["rs", usesKey(args), seen],
            ["add", usesKey(args), attempt],
          ],
          data: used(args, attempt).data,
        };
      }),
  };
}

/** The read of one voucher, and of all uses recorded for it, after everything else has ended. */
function readAtRest(): OperationDefinition {
  return {
    invoke: (args) => [
      ["r", keyOf(args), null],
      ["rs", usesKey(args), null],
    ],
    run: (session, args) =>
      session.transaction(async (tx): Promise<Completed> => {
        const seen = await read(tx, args);
        const uses = await usesOf(tx, args);
        const users = [...new Set([...(seen.uses > 0 ? [seen.used_by] : []), ...uses])];
        return {
          value: [readOf(args, seen), ["rs", usesKey(args), uses]],
          data: { holders: { [keyOf(args)]: users } },
        };
      }),
  };
}

async function read(tx: Transaction, args: PlannedOperation["args"], lock = ""): Promise<Voucher> {
  const { rows } = await tx.query<{ used_by: string; uses: number }>(
    `select used_by, uses from vouchers where id = $1 ${lock}`,
    [voucherOf(args)],
  );
  const [row] = rows;
  if (row === undefined) throw new Abort("no-such-voucher");
  return row;
}

async function usesOf(tx: Transaction, args: PlannedOperation["args"]): Promise<readonly string[]> {
  const { rows } = await tx.query<{ used_by: string }>(
    "select used_by from voucher_uses where voucher_id = $1 order by used_by",
    [voucherOf(args)],
  );
  return rows.map(({ used_by }) => used_by);
}

/** What an order did that used the voucher. */
function used(
  args: PlannedOperation["args"],
  attempt: string,
): { readonly value: readonly Mop[]; readonly data: Json } {
  return { value: [["w", keyOf(args), [null, attempt]]], data: { took: { [keyOf(args)]: attempt } } };
}

/** The register that the voucher is; unset as long as nobody used it. */
function readOf(args: PlannedOperation["args"], { used_by, uses }: Voucher): Mop {
  return ["r", keyOf(args), uses === 0 ? null : [uses, used_by]];
}

function keyOf(args: PlannedOperation["args"]): string {
  return `voucher/${voucherOf(args)}`;
}

function usesKey(args: PlannedOperation["args"]): string {
  return `${keyOf(args)}/uses`;
}

function voucherOf(args: PlannedOperation["args"]): number {
  return Number(args.voucher);
}

function vouchersOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => voucherOf(args)))].sort((a, b) => a - b);
}

/** Every variant reads a voucher at rest in the same way. */
function operations(order: OperationDefinition): Record<string, OperationDefinition> {
  return { order, "read-at-rest": readAtRest() };
}
