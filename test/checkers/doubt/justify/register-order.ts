import type { CheckOptions } from "../../../../src/checkers/check.ts";
import type { History } from "../../../../src/history/history.ts";
import { accesses, type Told, transactionsOf } from "./facts.ts";
import type { World } from "./justify-step.ts";

/** What a transaction first and last had of a register, seen from outside; null is the initial value. */
interface Visit {
  readonly one: Told;
  readonly found: string | null | undefined;
  readonly left: string | undefined;
}

/**
 * Which values of a register surely come before which, given what the user vouches for: pair by pair,
 * from the definitions. Cubic.
 */
export function registerOrder(history: History, options: CheckOptions): World["registerOrder"] {
  const all = [...transactionsOf(history).values()].filter(({ outcome }) => outcome !== "fail");
  return (key, earlier, later) => {
    if (earlier === null) return true;
    const visits = all.flatMap((one) => visitOf(one, key) ?? []);
    if (
      options.wfrKeys === true &&
      visits.some(({ one, found, left }) => one.outcome === "ok" && found === earlier && left === later)
    )
      return true;
    return visits.some(
      (first) =>
        (first.left ?? first.found) === earlier &&
        visits.some(
          (second) => (second.found ?? second.left) === later && follows(first.one, second.one, options),
        ),
    );
  };
}

function follows(first: Told, second: Told, { sequentialKeys, linearizableKeys }: CheckOptions): boolean {
  if (first.outcome !== "ok" || first.completed >= second.invoked) return false;
  if (linearizableKeys === true) return true;
  return sequentialKeys === true && second.outcome === "ok" && first.process === second.process;
}

function visitOf(one: Told, key: string): Visit | null {
  const touched = accesses(one).filter((access) => access.key === key);
  const [first] = touched;
  if (first === undefined) return null;
  const found = first.isRead && one.outcome === "ok" ? (first.shown[0] ?? null) : undefined;
  return { one, found, left: touched.findLast(({ written }) => written !== undefined)?.written };
}
