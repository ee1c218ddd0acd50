import { eq } from "drizzle-orm";

import type { Bank } from "./database.ts";

/** So much money, from one account of a customer. */
export interface Withdrawal {
  readonly customer: string;
  readonly account: number;
  readonly amount: number;
}

/**
 * Takes money from an account. It may go below zero, as long as the customer's accounts together do not. Answers
 * whether there was enough.
 */
export async function withdraw(bank: Bank, withdrawal: Withdrawal): Promise<boolean> {
  return withdrawFrom(bank, withdrawal, false);
}

/** The same, with the customer's accounts locked from the look at them until the end. */
export async function withdrawLocked(bank: Bank, withdrawal: Withdrawal): Promise<boolean> {
  return withdrawFrom(bank, withdrawal, true);
}

async function withdrawFrom(
  { db, accounts }: Bank,
  { customer, account, amount }: Withdrawal,
  lock: boolean,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const ofCustomer = tx.select().from(accounts).where(eq(accounts.customer, customer)).orderBy(accounts.id);
    const rows = await (lock ? ofCustomer.for("update") : ofCustomer);
    const total = rows.reduce((sum, { balance }) => sum + balance, 0);
    const balance = rows.find(({ id }) => id === account)?.balance;
    if (balance === undefined || total < amount) return false;
    await tx
      .update(accounts)
      .set({ balance: balance - amount })
      .where(eq(accounts.id, account));
    return true;
  });
}
