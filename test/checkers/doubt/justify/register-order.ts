import type { CheckOptions } from "../../../../src/checkers/check.ts";
import { accesses, type Numbers, type Told, versionName } from "./facts.ts";
import type { World } from "./justify-step.ts";

/** What a transaction first and last had of a register, seen from outside; null is the initial value. */
interface Visit {
  readonly one: Told;
  readonly found: string | null | undefined;
  readonly left: string | undefined;
}

/**
 * Which values of a register surely come before which: by their numbers, where rows carry some, or by what
 * the user vouches for; pair by pair, from the definitions. Cubic.
 */
export function registerOrder(
  told: readonly Told[],
  numbers: Numbers,
  options: CheckOptions,
): World["registerOrder"] {
  const all = told.filter(({ outcome }) => outcome !== "fail");
  return (key, earlier, later) => {
    if (earlier === null) return true;
    const first = numbers.get(versionName(key, earlier));
    const second = numbers.get(versionName(key, later));
    const isNumbered = first !== undefined && second !== undefined;
    if (isNumbered && first < second) return true;
    const visits = all.flatMap((one) => visitOf(one, key) ?? []);
    if (
      (options.wfrKeys === true || isNumbered) &&
      visits.some(({ one, found, left }) => one.outcome === "ok" && found === earlier && left === later)
    )
      return true;
    return visits.some(
      (before) =>
        (before.left ?? before.found) === earlier &&
        visits.some(
          (after) => (after.found ?? after.left) === later && follows(before.one, after.one, options),
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
