import { afterTransaction, empty, readsOf, type State } from "./states.ts";
import type { Precedence, Tiny } from "./tiny-history.ts";

/**
 * Whether the committed transactions, with some of those of unknown outcome, could have run one after
 * the other, in an order that keeps the precedence. Tries every order and every subset: for about six
 * transactions.
 */
export function hasLegalOrder(transactions: readonly Tiny[], mustPrecede: Precedence): boolean {
  const candidates = transactions.filter(({ type }) => type !== "fail");
  return continues(empty, candidates, mustPrecede);
}

function continues(state: State, left: readonly Tiny[], mustPrecede: Precedence): boolean {
  if (left.every(({ type }) => type === "info")) return true;
  return left.some((next) => {
    if (left.some((other) => other !== next && other.type === "ok" && mustPrecede(other, next))) return false;
    const after = afterTransaction(state, next.mops, readsOf(next));
    const rest = left.filter((other) => other !== next);
    return after !== null && continues(after, rest, mustPrecede);
  });
}
