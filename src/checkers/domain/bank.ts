import type { History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { isWhole, listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, readerText, restFirst, told, type Told } from "./told.ts";

/**
 * Accounts between which money is transferred: together they hold as much as in the beginning
 * (`non-conserved-balance`), and the accounts of one owner are never below zero together (`negative-balance`).
 *
 * Assumes: balances are whole numbers (where one is not, nothing is said, for sums of fractions are rounded);
 * money is only ever moved within a bank; reads are `ok` operations that carry `data.banks[bank] =
 * [total in the beginning, accounts]` with all accounts of the bank, and `data.owners[owner] = accounts` where one
 * statement showed all accounts of the owner and they must not be below zero together; accounts are
 * `{ account: [balance, changed by] }`. Transfers say `data.paid[bank] = attempt`. What a transaction read
 * is what it would have gone on with, so it is accused whether it asked with one statement or with several, and
 * at READ UNCOMMITTED too. Linear.
 */
export const bank: DomainChecker = {
  name: "bank",
  summary: "transfers neither make nor destroy money, and no owner is in debt",
  anomalies: {
    "non-conserved-balance":
      "a transaction saw the accounts of a bank hold more or less than in the beginning",
    "negative-balance": "the accounts of one owner are below zero together",
  },
  check,
};

/** Accounts whose sum is wrong, as a read showed them. */
interface Wrong {
  readonly reader: Told;
  /** Whose accounts: a bank or an owner. */
  readonly whose: string;
  readonly accounts: readonly Account[];
  readonly sum: number;
  /** What they began with; null where it is the debt that is wrong. */
  readonly began: number | null;
}

interface Account {
  readonly account: string;
  readonly balance: number;
  /** The attempt that last changed it, or null where nobody had. */
  readonly by: string | null;
}

function check(history: History): DomainResult {
  const changed: Wrong[] = [];
  const negative: Wrong[] = [];
  const transfers = new Map<string, number>();
  for (const reader of told(history)) {
    for (const [, attempt] of members(member(reader.data, "paid")))
      if (typeof attempt === "string") transfers.set(attempt, reader.row);
    for (const [whose, state] of members(member(reader.data, "banks"))) {
      const [began, shown = null] = listOf(state);
      const accounts = accountsIn(shown);
      const sum = sumOf(accounts);
      if (accounts.length > 0 && isWhole(began) && sum !== began)
        changed.push({ reader, whose, accounts, sum, began });
    }
    for (const [whose, shown] of members(member(reader.data, "owners"))) {
      const accounts = accountsIn(shown);
      const sum = sumOf(accounts);
      if (sum < 0) negative.push({ reader, whose, accounts, sum, began: null });
    }
  }
  const witnesses = (wrong: readonly Wrong[]): readonly Witness[] =>
    unique(wrong).map((one) => witness(history, one, transfers));
  const anomalies = casesByAnomaly({
    "non-conserved-balance": witnesses(changed),
    "negative-balance": witnesses(negative),
  });
  return { anomalies, notes: [] };
}

/** None unless the balance of each is told, in whole numbers: a sum of some of them, or a rounded one, says nothing. */
function accountsIn(shown: Json): readonly Account[] {
  const accounts = members(shown).flatMap(([account, state]): readonly Account[] => {
    const [balance, by] = listOf(state);
    if (!isWhole(balance)) return [];
    return [{ account, balance, by: typeof by === "string" ? by : null }];
  });
  return accounts.length === members(shown).length ? accounts : [];
}

function sumOf(accounts: readonly Account[]): number {
  return accounts.reduce((sum, { balance }) => sum + balance, 0);
}

/** One read of each case, those at rest first: there it lasts. */
function unique(wrong: readonly Wrong[]): readonly Wrong[] {
  const cases = new Map<string, Wrong>();
  for (const one of restFirst(wrong)) {
    const id = JSON.stringify([one.whose, one.accounts]);
    if (!cases.has(id)) cases.set(id, one);
  }
  return [...cases.values()];
}

function witness(
  history: History,
  { reader, whose, accounts, sum, began }: Wrong,
  transfers: ReadonlyMap<string, number>,
): Witness {
  const rows = new Set<number>();
  const held = accounts.map(({ account, balance, by }) => {
    if (by === null) return `account ${valueText(account)} held ${balance}`;
    const row = transfers.get(by);
    if (row !== undefined) rows.add(row);
    const where = row === undefined ? "" : ` (index ${indexOf(history, row)})`;
    return `account ${valueText(account)} held ${balance} since ${valueText(by)}${where}`;
  });
  const though = began === null ? "" : `, though they began with ${began}`;
  return caseOf(
    history,
    [...[...rows].sort((a, b) => a - b), reader.row],
    `the accounts of ${valueText(whose)} held ${sum} together, as ${readerText(history, reader)} saw${though}: ` +
      sentenceList(held),
  );
}
