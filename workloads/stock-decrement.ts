import {
  Abort,
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

const oversold = "oversold";
const negative = "negative-stock";

/** What one writer overwrites of another is lost, where the server lets it be; the number itself looks well. */
const losing: readonly Expectation[] = lostUpdateRules([oversold, "lost-update"]);

/**
 * A shop's stock: check that an item is there, then take one piece (Warszawski and Bailis, "ACIDRain", SIGMOD 2017,
 * section 4). No more pieces may be sold than there were, and the number on the shelf is never below zero: where
 * the new number is computed in the application only the first shows, where the server subtracts both do.
 *
 * An item's row is a register with a version column (`sales`), into which a sale writes its attempt's id. A sale
 * whose check is a transaction of its own tells only what the other one did, for the two together are no transaction
 * of the database.
 */
export default defineWorkload({
  name: "stock-decrement",
  summary: "sell a piece if one is left: never more than there were, never below zero",
  cannotReveal: "anomalies between two rows, and phantoms: a sale is of one item",
  parameters: {
    items: { summary: "items that are sold at the same time", default: 2, min: 1, max: 100 },
    pieces: { summary: "pieces of each item", default: 2, min: 1, max: 100 },
    "sales-per-item": {
      summary: "sales planned of an item before a fresh one takes its place",
      default: 6,
      min: 1,
      max: 1_000,
    },
  },
  schema: () => [
    `create table items (
       id int primary key, stock int not null, sales int not null default 0,
       sold_to varchar(40) not null default '')`,
  ],
  setup: (_, plan) => {
    const rows = itemsOf(plan).map(({ item, pieces }) => `(${Number(item)}, ${Number(pieces)})`);
    return rows.length === 0 ? [] : [`insert into items (id, stock) values ${rows.join(", ")}`];
  },
  generator: ({ items = 1, pieces = 1, ...others }) =>
    hotKeys({
      active: items,
      uses: others["sales-per-item"] ?? 1,
      operation: (key) => ({ f: "sell", args: { item: key + 1, pieces } }),
    }),
  atRest: (plan) => itemsOf(plan).map((args) => ({ f: "read-at-rest", args })),
  checks: ["sales"],
  contention: { low: { items: 50 }, high: { items: 1 } },
  variants: {
    naive: {
      summary: "read the stock, subtract one, write it back if there was any; nothing is locked",
      operations: operations(sale({ act: overwrite })),
      expect: [...losing, { never: [negative] }],
    },
    "check-then-subtract": {
      summary:
        "read the stock, then UPDATE … SET stock = stock - 1: no piece is miscounted, the check is too old",
      operations: operations(sale({ act: subtract })),
      expect: [
        ...losing,
        { at: ["read-uncommitted", "read-committed"], must: [negative] },
        { on: ["postgres"], at: ["repeatable-read"], never: [negative] },
        { at: ["serializable"], never: [negative] },
      ],
    },
    "for-update": {
      summary: "read the stock with SELECT … FOR UPDATE",
      operations: operations(sale({ lock: "for update", act: overwrite })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [oversold, negative, "lost-update"] }],
    },
    conditional: {
      summary: "UPDATE … SET stock = stock - 1 WHERE stock > 0, without reading first",
      operations: operations(saleInOne()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [oversold, negative] }],
    },
    "check-constraint": {
      summary: "check-then-subtract, and CHECK (stock >= 0): the server says no where the check did not",
      schema: () => ["alter table items add constraint stock_is_there check (stock >= 0)"],
      operations: operations(sale({ act: subtract })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [oversold, negative] }],
    },
    "separate-transactions": {
      summary: "check in one transaction, subtract in another one: no level fixes that",
      operations: operations(saleInTwo()),
      retry: retryOn(...serverRefusals),
      expect: [{ must: [oversold, negative] }],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(sale({ act: overwrite })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [oversold, negative, "lost-update"] }],
    },
  },
});

/** An item as a transaction read it. */
interface Item {
  readonly stock: number;
  readonly sales: number;
  /** The attempt that last bought a piece; empty where nobody has. */
  readonly sold_to: string;
}

/** How a variant reads an item, and how it takes a piece. */
interface Way {
  /** The locking clause of the statement that reads the stock. */
  readonly lock?: string;
  readonly act: (tx: Transaction, args: PlannedOperation["args"], taking: Taking) => Promise<void>;
}

interface Taking {
  readonly seen: Item;
  readonly attempt: string;
}

/** Check and act in one transaction. */
function sale({ lock = "", act }: Way): OperationDefinition {
  return {
    invoke: (args, attempt) => [["r", keyOf(args), null], ...sold(args, attempt).value],
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const seen = await read(tx, args, lock);
        await session.think();
        if (seen.stock < 1) return { value: [readOf(args, seen)] };
        await act(tx, args, { seen, attempt });
        const { value, data } = sold(args, attempt);
        return { value: [readOf(args, seen), ...value], data };
      }),
  };
}

/** Check in one transaction, act in another one. */
function saleInTwo(): OperationDefinition {
  return {
    invoke: (args, attempt) => sold(args, attempt).value,
    run: async (session, args, attempt): Promise<Completed> => {
      const seen = await session.transaction((tx) => read(tx, args));
      await session.think();
      if (seen.stock < 1) return { value: [readOf(args, seen)] };
      await session.transaction((tx) => subtract(tx, args, { attempt }));
      return sold(args, attempt);
    },
  };
}

/** Check and act in one statement. */
function saleInOne(): OperationDefinition {
  return {
    invoke: (args, attempt) => sold(args, attempt).value,
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const { affected } = await tx.query(
          "update items set stock = stock - 1, sales = sales + 1, sold_to = $2 where id = $1 and stock > 0",
          [args.item, attempt],
        );
        if (affected === 0) throw new Abort("sold-out");
        await session.think();
        return sold(args, attempt);
      }),
  };
}

async function overwrite(
  tx: Transaction,
  args: PlannedOperation["args"],
  { seen, attempt }: Taking,
): Promise<void> {
  await tx.query("update items set stock = $2, sales = sales + 1, sold_to = $3 where id = $1", [
    args.item,
    seen.stock - 1,
    attempt,
  ]);
}

async function subtract(
  tx: Transaction,
  args: PlannedOperation["args"],
  { attempt }: Pick<Taking, "attempt">,
): Promise<void> {
  await tx.query("update items set stock = stock - 1, sales = sales + 1, sold_to = $2 where id = $1", [
    args.item,
    attempt,
  ]);
}

async function read(tx: Transaction, args: PlannedOperation["args"], lock = ""): Promise<Item> {
  const { rows } = await tx.query<{ stock: number; sales: number; sold_to: string }>(
    `select stock, sales, sold_to from items where id = $1 ${lock}`,
    [args.item],
  );
  const [row] = rows;
  if (row === undefined) throw new Abort("no-such-item");
  return row;
}

/** The read of one item after everything else has ended. */
function readAtRest(): OperationDefinition {
  return {
    invoke: (args) => [["r", keyOf(args), null]],
    run: async (session, args) => {
      const seen = await session.transaction((tx) => read(tx, args));
      const key = keyOf(args);
      return {
        value: [readOf(args, seen)],
        data: { pieces: { [key]: Number(args.pieces) }, stocks: { [key]: seen.stock } },
      };
    },
  };
}

/** What a sale did that took a piece. */
function sold(
  args: PlannedOperation["args"],
  attempt: string,
): { readonly value: readonly Mop[]; readonly data: Json } {
  const key = keyOf(args);
  return {
    value: [["w", key, [null, attempt]]],
    data: { took: { [key]: attempt }, pieces: { [key]: Number(args.pieces) } },
  };
}

/** The register that the item is; unset as long as nobody bought a piece. */
function readOf(args: PlannedOperation["args"], { sales, sold_to }: Item): Mop {
  return ["r", keyOf(args), sales === 0 ? null : [sales, sold_to]];
}

function keyOf(args: PlannedOperation["args"]): string {
  return `item/${Number(args.item)}`;
}

/** The arguments that say which item, once for every item of a plan. */
function itemsOf(plan: readonly PlannedOperation[]): readonly PlannedOperation["args"][] {
  return [...new Map(plan.map(({ args }) => [Number(args.item), args])).values()];
}

/** Every variant reads an item at rest in the same way. */
function operations(sell: OperationDefinition): Record<string, OperationDefinition> {
  return { sell, "read-at-rest": readAtRest() };
}
