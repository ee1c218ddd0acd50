import { accesses, type Access, type Numbers, readsOf, type Told, versionName } from "./facts.ts";
import type { World } from "./justify-step.ts";

/** Whether operations prove an anomaly that is no cycle, by its definition; null for a type that is not known. */
export function provesFinding(
  type: string,
  cycle: readonly Told[],
  { all, sure, numbers }: World,
): boolean | null {
  const [first, second] = cycle;
  if (first === undefined) return false;
  switch (type) {
    case "G1a":
      return second?.outcome === "fail" && isCommitted(first) && readsFrom(first, second).length > 0;
    case "G1b":
      return (
        second !== undefined &&
        second !== first &&
        isCommitted(first) &&
        readsFrom(first, second).some(({ key, shown }) => isIntermediate(second, key, shown.at(-1)!))
      );
    case "dirty-update":
      return (
        second !== undefined &&
        first.outcome === "fail" &&
        isCommitted(second) &&
        isBuiltOn(second, first, [...sure])
      );
    case "duplicate-elements":
      return sure.has(first) && readsOf(first).some(({ shown }) => new Set(shown).size < shown.length);
    case "incompatible-order":
      return second !== undefined && sure.has(first) && sure.has(second) && disagree(first, second);
    case "internal":
      return isCommitted(first) && contradictsItself(first);
    case "future-read":
      return isCommitted(first) && readsItsFuture(first);
    case "lost-update":
      return (
        cycle.length > 1 &&
        new Set(cycle).size === cycle.length &&
        cycle.every(isCommitted) &&
        losesUpdate(cycle)
      );
    case "garbage-read":
      return (
        isCommitted(first) &&
        readsOf(first).some(({ key, shown }) =>
          shown.some((element) => !all.some((one) => writesOf(one, key).includes(element))),
        )
      );
    case "tied-versions":
      return (
        second !== undefined && second !== first && isCommitted(second) && isTied(first, second, numbers)
      );
    case "G1c":
      // A circle of one: it found what it wrote only afterwards.
      return cycle.length === 1 && readsItsFuture(first);
    case "cyclic-versions":
      return cycle.length > 1 && accesses(first).some(({ key }) => cycle.every((one) => touches(one, key)));
    default:
      return null;
  }
}

function isCommitted({ outcome }: Told): boolean {
  return outcome === "ok";
}

function isTied(a: Told, b: Told, numbers: Numbers): boolean {
  const of = (one: Told): ReadonlySet<string> =>
    new Set(
      accesses(one).flatMap(({ key, written }) => {
        const number = written === undefined ? undefined : numbers.get(versionName(key, written));
        return number === undefined ? [] : [`${key} ${number}`];
      }),
    );
  const other = of(b);
  return isCommitted(a) && [...of(a)].some((name) => other.has(name));
}

function touches(one: Told, key: string): boolean {
  return accesses(one).some((access) => access.key === key);
}

function writesOf(one: Told, key: string): readonly string[] {
  return accesses(one).flatMap((access) =>
    access.key === key && access.written !== undefined ? [access.written] : [],
  );
}

/** The reads that show something the writer wrote. */
function readsFrom(reader: Told, writer: Told): readonly Access[] {
  return readsOf(reader).filter(({ key, shown }) =>
    writesOf(writer, key).some((element) => shown.includes(element)),
  );
}

function isIntermediate(writer: Told, key: string, element: string): boolean {
  const written = writesOf(writer, key);
  return written.includes(element) && written.at(-1) !== element;
}

/** Some read shows an element of the later one after one of the earlier, with no committed one between. */
function isBuiltOn(later: Told, earlier: Told, all: readonly Told[]): boolean {
  return all.flatMap(readsOf).some(({ key, shown }) => {
    const isCommittedElement = (element: string): boolean =>
      all.some((one) => isCommitted(one) && writesOf(one, key).includes(element));
    return shown.some((element, i) => {
      if (!writesOf(earlier, key).includes(element)) return false;
      const next = shown.slice(i + 1).find(isCommittedElement);
      return next !== undefined && writesOf(later, key).includes(next);
    });
  });
}

function disagree(a: Told, b: Told): boolean {
  return readsOf(a).some((one) =>
    readsOf(b).some(
      (other) =>
        one.key === other.key &&
        one.shown.some((element, i) => i < other.shown.length && element !== other.shown[i]),
    ),
  );
}

/** A read differs from what the transaction's own earlier accesses to the key leave possible. */
function contradictsItself(one: Told): boolean {
  const isSet = one.mops.some(([kind]) => kind === "rs");
  const all = accesses(one);
  return all.some(({ isRead, key, shown }, at) => {
    const earlier = all.slice(0, at).filter((access) => access.key === key);
    const previous = earlier.at(-1);
    if (!isRead || previous === undefined) return false;
    if (isSet) return earlier.some(({ written }) => written !== undefined && !shown.includes(written));
    if (all.some((access) => access.key === key && access.isReplaced))
      return shown[0] !== (previous.written ?? previous.shown[0]);
    const lastRead = earlier.findLastIndex((access) => access.isRead);
    const own = earlier.slice(lastRead + 1).map(({ written }) => written!);
    if (lastRead < 0) return own.some((element, i) => shown[shown.length - own.length + i] !== element);
    return JSON.stringify([...earlier[lastRead]!.shown, ...own]) !== JSON.stringify(shown);
  });
}

function readsItsFuture(one: Told): boolean {
  return accesses(one).some(
    ({ isRead, key, shown }, at, all) =>
      isRead &&
      all
        .slice(at + 1)
        .some((later) => later.key === key && later.written !== undefined && shown.includes(later.written)),
  );
}

/** The first reads of a key show the same version, and each was followed by a write of the key. */
function losesUpdate(cycle: readonly Told[]): boolean {
  const keys = new Set(cycle.flatMap((one) => accesses(one).map(({ key }) => key)));
  return [...keys].some((key) => {
    const bases = cycle.map((one) => {
      const touched = accesses(one).filter((access) => access.key === key);
      const first = touched.findIndex(({ isRead }) => isRead);
      const wrote = first >= 0 && touched.slice(first).some(({ isRead }) => !isRead);
      return wrote ? JSON.stringify(touched[first]!.shown) : null;
    });
    return bases[0] !== null && bases.every((base) => base === bases[0]);
  });
}
