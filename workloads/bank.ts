import {
  atLeast,
  below,
  defineWorkload,
  hotKeys,
  lostUpdateRules,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Expectation,
  type OperationDefinition,
  type PlannedOperation,
} from "isolab";

import { atOnce, banksOf, oneByOne, openingRows, readBank } from "./bank/accounts.ts";
import { add, overwrite, transfer, transferInPlace } from "./bank/transfers.ts";

const lost = "non-conserved-balance";
const debt = "negative-balance";
const innodb = ["mysql", "mariadb"] as const;

/** Who takes from one row and gives to another is seen in between at InnoDB's READ UNCOMMITTED, and nowhere else. */
const conserved: readonly Expectation[] = [
  { on: ["postgres"], never: [lost] },
  { on: innodb, at: ["read-uncommitted"], must: [lost] },
  { at: atLeast("read-committed"), never: [lost] },
];

/** The accounts that the decision rests on are not all written, so that a snapshot finds no conflict. */
const skewed: readonly Expectation[] = [
  { at: below("serializable"), must: [debt] },
  { at: ["serializable"], never: [debt] },
];

/** Who reads in one statement what is half written may see a debt that nobody has. */
const solvent: readonly Expectation[] = [...neverUnlessDirty([debt])];

/**
 * A bank: money is transferred between accounts, and somebody adds up all balances. Transfers neither make nor
 * destroy money (Jepsen's bank test), and an owner's accounts may not be below zero together, though one of them
 * may, as long as another one covers it (constraint and write skew of Berenson et al., "A Critique of ANSI SQL
 * Isolation Levels", SIGMOD 1995, A5B). With one account for each owner no account may be below zero.
 *
 * An account's row is a register with a version column (`revision`), into which a transfer writes its attempt's id
 * beside the new balance. A transfer reads the payer's accounts and the payee's, and writes two of them.
 */
export default defineWorkload({
  name: "bank",
  summary: "transfer money: the sum of all balances stays the same, and nobody is in debt",
  cannotReveal: "phantoms: accounts are neither opened nor closed",
  parameters: {
    banks: { summary: "banks whose accounts are used at the same time", default: 1, min: 1, max: 100 },
    owners: { summary: "owners of each bank", default: 2, min: 2, max: 20 },
    "accounts-per-owner": { summary: "accounts of each owner", default: 2, min: 1, max: 5 },
    "uses-per-bank": {
      summary: "operations planned for a bank before a fresh one takes its place",
      default: 12,
      min: 1,
      max: 1_000,
    },
    reads: {
      summary: "operations that only add up the balances, of all",
      default: 0.2,
      min: 0,
      max: 0.9,
      fractional: true,
    },
    overdraft: { summary: "1: an owner may be in debt; 0: may not", default: 0, min: 0, max: 1 },
  },
  schema: () => [
    `create table accounts (
       bank_id int not null, account int not null, owner int not null, balance int not null,
       revision int not null default 0, changed_by varchar(40) not null default '',
       primary key (bank_id, account))`,
  ],
  setup: (_, plan) => openingRows(plan),
  generator: ({ banks = 1, owners = 2, overdraft = 0, reads = 0, ...others }) =>
    hotKeys({
      active: banks,
      uses: others["uses-per-bank"] ?? 1,
      operation: (key, rng): PlannedOperation => {
        const each = others["accounts-per-owner"] ?? 1;
        const args = { bank: key + 1, owners, each, overdraft };
        if (rng.chance(reads)) return { f: "read-bank", args };
        const payer = rng.int(owners);
        const payee = (payer + 1 + rng.int(owners - 1)) % owners;
        const from = payer * each + 1 + rng.int(each);
        const to = payee * each + 1 + rng.int(each);
        // Two of them are often more than an owner has, one seldom is.
        return { f: "transfer", args: { ...args, from, to, amount: 80 + 10 * rng.int(8) } };
      },
    }),
  atRest: (plan) => banksOf(plan).map((args) => ({ f: "read-at-rest", args })),
  checks: ["bank"],
  contention: { low: { banks: 50 }, high: { banks: 1 } },
  variants: {
    naive: {
      summary: "read the balances, compute the new ones and write them back; nothing keeps two callers apart",
      operations: operations(transfer({ write: overwrite })),
      expect: [...skewed, ...lostUpdateRules([lost, "lost-update"])],
    },
    "check-then-subtract": {
      summary:
        "read the balances, then UPDATE … SET balance = balance - amount: no money is lost, the check is too old",
      operations: operations(transfer({ write: add })),
      expect: [...skewed, ...conserved],
    },
    "lock-changed": {
      summary:
        "lock the two accounts that change with SELECT … FOR UPDATE, and read the payer's others without",
      operations: operations(transfer({ lock: "changed", write: overwrite })),
      retry: retryOn(...serverRefusals),
      expect: [...skewed, ...conserved, { never: ["lost-update"] }],
    },
    "for-update": {
      summary: "lock all accounts that the decision rests on with SELECT … FOR UPDATE, in ascending order",
      operations: operations(transfer({ lock: "all", write: overwrite })),
      retry: retryOn(...serverRefusals),
      expect: [...solvent, ...conserved, { never: ["lost-update"] }],
    },
    "in-place": {
      summary: "UPDATE … SET balance = balance - amount WHERE balance >= amount, without reading first",
      operations: operations(transferInPlace()),
      retry: retryOn(...serverRefusals),
      expect: [...solvent, ...conserved],
    },
    "read-each": {
      summary: "in-place, and who adds up the balances asks for one account after another",
      operations: operations(transferInPlace(), oneByOne),
      retry: retryOn(...serverRefusals),
      expect: [
        { at: ["read-uncommitted", "read-committed"], must: [lost, "G-single-item"] },
        { at: atLeast("repeatable-read"), never: [lost] },
        ...solvent,
      ],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(transfer({ write: overwrite })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [lost, debt, "lost-update"] }],
    },
  },
});

/** Every variant reads the balances at rest in one statement. */
function operations(transfer: OperationDefinition, look = atOnce): Record<string, OperationDefinition> {
  return { transfer, "read-bank": readBank(look), "read-at-rest": readBank(atOnce) };
}
