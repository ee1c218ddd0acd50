import { afterTransaction, empty, readsOf, type State, writtenKeys } from "./states.ts";
import type { Precedence, Tiny } from "./tiny-history.ts";

/** What runs and has not committed: its state so far, and what others committed since it started. */
interface Running {
  readonly transaction: Tiny;
  readonly overwritten: ReadonlySet<string>;
}

interface Moment {
  readonly state: State;
  readonly waiting: readonly Tiny[];
  readonly running: readonly Running[];
}

/**
 * Whether start and commit moments exist that make snapshot isolation of the committed transactions,
 * with some of those of unknown outcome: each reads what was committed when it started and its own
 * writes, and no two that overlap write the same object (Adya 1999, section 4.3.1). Where one must
 * precede another, it commits before the other starts. Tries every order: for about five transactions.
 */
export function hasSnapshotOrder(transactions: readonly Tiny[], mustPrecede: Precedence): boolean {
  const candidates = transactions.filter(({ type }) => type !== "fail");
  return continues({ state: empty, waiting: candidates, running: [] }, mustPrecede);
}

function continues(moment: Moment, mustPrecede: Precedence): boolean {
  const { waiting, running } = moment;
  if (running.length === 0 && waiting.every(({ type }) => type === "info")) return true;
  return (
    waiting.some((transaction) => starts(moment, transaction, mustPrecede)) ||
    running.some((one) => commits(moment, one, mustPrecede))
  );
}

function starts({ state, waiting, running }: Moment, transaction: Tiny, mustPrecede: Precedence): boolean {
  const open = [...waiting, ...running.map((one) => one.transaction)];
  if (open.some((other) => other !== transaction && other.type === "ok" && mustPrecede(other, transaction)))
    return false;
  if (afterTransaction(state, transaction.mops, readsOf(transaction)) === null) return false;
  return continues(
    {
      state,
      waiting: waiting.filter((other) => other !== transaction),
      running: [...running, { transaction, overwritten: new Set() }],
    },
    mustPrecede,
  );
}

function commits({ state, waiting, running }: Moment, one: Running, mustPrecede: Precedence): boolean {
  const written = writtenKeys(one.transaction.mops);
  if (written.some((key) => one.overwritten.has(key))) return false;
  const after = afterTransaction(state, one.transaction.mops, "unknown");
  const others = running.filter((other) => other !== one);
  return (
    after !== null &&
    continues(
      {
        state: after,
        waiting,
        running: others.map((other) => ({
          ...other,
          overwritten: new Set([...other.overwritten, ...written]),
        })),
      },
      mustPrecede,
    )
  );
}
