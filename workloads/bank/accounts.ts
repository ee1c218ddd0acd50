import type { Json, Mop, OperationDefinition, PlannedOperation, Transaction } from "isolab";

/** What every account holds in the beginning. */
const opening = 100;

const columns = "account, owner, balance, revision, changed_by";

/** An account as a transaction saw it. */
export interface Account {
  readonly account: number;
  readonly owner: number;
  readonly balance: number;
  readonly revision: number;
  /** The attempt that last changed it; empty where nobody has. */
  readonly changed_by: string;
}

/** The accounts of a bank that meet a condition, in ascending order, read by one statement. */
export async function accountsWhere(
  tx: Transaction,
  bank: number,
  [condition, ...params]: readonly [condition: string, ...params: number[]],
  lock = "",
): Promise<readonly Account[]> {
  const { rows } = await tx.query<{ [column in keyof Account]: Account[column] }>(
    `select ${columns} from accounts where bank_id = $1 and ${condition} order by account ${lock}`,
    [bank, ...params],
  );
  return rows;
}

/** How somebody who adds up all balances asks for them. */
export type Look = (tx: Transaction, args: PlannedOperation["args"]) => Promise<readonly Account[]>;

/** With one statement. */
export const atOnce: Look = (tx, args) => accountsWhere(tx, bankOf(args), ["account > 0"]);

/** With a statement for each account, as code does that loads one object after another. */
export const oneByOne: Look = async (tx, args) => {
  const seen: Account[] = [];
  for (const account of accountsOf(args))
    seen.push(...(await accountsWhere(tx, bankOf(args), ["account = $2", account])));
  return seen;
};

/** Adds up all balances of a bank, in one transaction. */
export function readBank(look: Look): OperationDefinition {
  return {
    invoke: (args) => accountsOf(args).map((account): Mop => ["r", accountKey(args, account), null]),
    run: async (session, args) => {
      const seen = await session.transaction((tx) => look(tx, args));
      const banks = { [bankKey(args)]: [opening * accountsOf(args).length, balances(seen)] };
      // Balances of different moments prove no debt.
      const owners = look === atOnce && args.overdraft !== 1 ? byOwner(args, seen) : {};
      return { value: readsOf(args, seen), data: { banks, owners } };
    },
  };
}

/** Reads of the registers that these accounts are; unset where nobody changed the row. */
export function readsOf(args: PlannedOperation["args"], seen: readonly Account[]): readonly Mop[] {
  return seen.map(({ account, revision, changed_by }) => [
    "r",
    accountKey(args, account),
    revision === 0 ? null : [revision, changed_by],
  ]);
}

/** Rows for a plan, every account with the same balance. */
export function openingRows(plan: readonly PlannedOperation[]): readonly string[] {
  const rows = banksOf(plan).flatMap((args) =>
    accountsOf(args).map((account) => `(${bankOf(args)}, ${account}, ${ownerOf(args, account)}, ${opening})`),
  );
  if (rows.length === 0) return [];
  return [`insert into accounts (bank_id, account, owner, balance) values ${rows.join(", ")}`];
}

/** The arguments that say which bank, once for every bank of a plan. */
export function banksOf(plan: readonly PlannedOperation[]): readonly PlannedOperation["args"][] {
  const banks = new Map(
    plan.map(({ args }) => {
      const { bank = 0, owners = 0, each = 0, overdraft = 0 } = args;
      return [bankOf(args), { bank, owners, each, overdraft }];
    }),
  );
  return [...banks].sort(([a], [b]) => a - b).map(([, args]) => args);
}

/** The owner of an account; one owner's accounts have consecutive numbers. */
export function ownerOf(args: PlannedOperation["args"], account: number): number {
  return Math.ceil(account / Number(args.each));
}

export function bankOf(args: PlannedOperation["args"]): number {
  return Number(args.bank);
}

export function bankKey(args: PlannedOperation["args"]): string {
  return `bank/${bankOf(args)}`;
}

export function accountKey(args: PlannedOperation["args"], account: number): string {
  return `${bankKey(args)}/account/${account}`;
}

function accountsOf(args: PlannedOperation["args"]): readonly number[] {
  return Array.from({ length: Number(args.owners) * Number(args.each) }, (_, i) => i + 1);
}

/** Balances by account, and who last changed each. */
function balances(seen: readonly Account[]): Json {
  return Object.fromEntries(
    seen.map(({ account, balance, revision, changed_by }) => [
      `${account}`,
      [balance, revision === 0 ? null : changed_by],
    ]),
  );
}

function byOwner(args: PlannedOperation["args"], seen: readonly Account[]): Json {
  const owners = [...new Set(seen.map(({ owner }) => owner))];
  return Object.fromEntries(
    owners.map((one) => [
      `${bankKey(args)}/owner/${one}`,
      balances(seen.filter(({ owner }) => owner === one)),
    ]),
  );
}
