import {
  Abort,
  type Completed,
  type Json,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type Transaction,
} from "isolab";

import { type Account, accountKey, accountsWhere, bankKey, bankOf, ownerOf, readsOf } from "./accounts.ts";

/** How a variant reads the accounts that a transfer is about, and how it writes the two that change. */
export interface Way {
  /** Which rows are locked while they are read. */
  readonly lock?: "changed" | "all";
  readonly write: (tx: Transaction, change: Change) => Promise<void>;
}

/** What is to become of one account. */
export interface Change {
  readonly bank: number;
  readonly account: Account;
  /** What is added to the balance. */
  readonly by: number;
  readonly attempt: string;
}

interface Transfer {
  readonly args: PlannedOperation["args"];
  readonly attempt: string;
}

/** A transfer in one transaction: read, decide, take from one account and give to the other. */
export function transfer(way: Way): OperationDefinition {
  return {
    invoke: (args, attempt) => writes({ args, attempt }),
    run: (session, args, attempt) => session.transaction((tx) => pay(session, tx, { args, attempt }, way)),
  };
}

async function pay(session: Session, tx: Transaction, order: Transfer, way: Way): Promise<Completed> {
  const { args, attempt } = order;
  const bank = bankOf(args);
  const amount = Number(args.amount);
  const seen = await accountsFor(tx, args, way.lock);
  await session.think();
  const payer = ownerOf(args, Number(args.from));
  const funds = seen.reduce((sum, { owner, balance }) => (owner === payer ? sum + balance : sum), 0);
  if (args.overdraft !== 1 && funds < amount) return { value: readsOf(args, seen) };
  await way.write(tx, { bank, account: pick(seen, Number(args.from)), by: -amount, attempt });
  await session.think();
  await way.write(tx, { bank, account: pick(seen, Number(args.to)), by: amount, attempt });
  return { value: [...readsOf(args, seen), ...writes(order)], data: paid(order) };
}

/** The accounts of the payer, and the one that the money goes to. */
async function accountsFor(
  tx: Transaction,
  args: PlannedOperation["args"],
  lock: Way["lock"],
): Promise<readonly Account[]> {
  const [bank, from, to] = [bankOf(args), Number(args.from), Number(args.to)];
  const owner = ownerOf(args, from);
  if (lock !== "changed") {
    const condition = "(owner = $2 or account = $3)";
    return accountsWhere(tx, bank, [condition, owner, to], lock === "all" ? "for update" : "");
  }
  const changed = await accountsWhere(tx, bank, ["account in ($2, $3)", from, to], "for update");
  const others = await accountsWhere(tx, bank, ["owner = $2 and account not in ($3, $4)", owner, from, to]);
  return [...changed, ...others];
}

function pick(seen: readonly Account[], number: number): Account {
  const account = seen.find((one) => one.account === number);
  if (account === undefined) throw new Abort("no-such-account");
  return account;
}

/** Writes back the balance that was read, changed. */
export async function overwrite(tx: Transaction, { bank, account, by, attempt }: Change): Promise<void> {
  await tx.query(
    `update accounts set balance = $3, revision = revision + 1, changed_by = $4
     where bank_id = $1 and account = $2`,
    [bank, account.account, account.balance + by, attempt],
  );
}

/** Has the server add to the balance that there is. */
export async function add(tx: Transaction, { bank, account, by, attempt }: Change): Promise<void> {
  await tx.query(`${adding} where bank_id = $1 and account = $2`, [bank, account.account, by, attempt]);
}

const adding = "update accounts set balance = balance + $3, revision = revision + 1, changed_by = $4";

/** Takes the money only from an account that covers it by itself, and reads nothing. */
export function transferInPlace(): OperationDefinition {
  return {
    invoke: (args, attempt) => writes({ args, attempt }),
    run: async (session, args, attempt) => {
      const [bank, amount] = [bankOf(args), Number(args.amount)];
      const enough = args.overdraft === 1 ? "" : "and balance + $3 >= 0";
      await session.transaction(async (tx) => {
        const taken = await tx.query(`${adding} where bank_id = $1 and account = $2 ${enough}`, [
          bank,
          args.from,
          -amount,
          attempt,
        ]);
        if (taken.affected === 0) throw new Abort("insufficient-funds");
        await session.think();
        await tx.query(`${adding} where bank_id = $1 and account = $2`, [bank, args.to, amount, attempt]);
      });
      return { value: writes({ args, attempt }), data: paid({ args, attempt }) };
    },
  };
}

/** What it changes; in what order others changed the same rows is known only to who reads them. */
function writes({ args, attempt }: Transfer): readonly Mop[] {
  return [args.from, args.to].map((account) => ["w", accountKey(args, Number(account)), [null, attempt]]);
}

function paid({ args, attempt }: Transfer): Json {
  return { paid: { [bankKey(args)]: attempt } };
}
