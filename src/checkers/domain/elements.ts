import type { History } from "../../history/history.ts";
import { isJsonArray } from "../../history/json-value.ts";
import { indexOf } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import { type Acknowledged, containers, type Showing } from "./acknowledged.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { listOf } from "./json-members.ts";
import { caseOf, casesByAnomaly, readerText } from "./told.ts";

/**
 * Sets to which elements are added and never removed: a read that began after an element had been acknowledged
 * shows it (`set` and `set-full` of jepsen.checker). One that does not is a `stale-element` where a read that
 * began later shows the element after all, and else the element is lost (`lost-element`).
 *
 * Assumes: whoever adds an element says `data.added[set] = element`, each element once; reads are `ok`
 * operations that carry `data.elements[set]`, all that one statement showed of the set. Only `ok` additions
 * count, and only reads invoked after the completion of one, so that nothing is asked of what was under way at
 * the same time. A set that nobody read afterwards is not judged. Linear in the elements that reads showed or
 * should have shown.
 */
export const elements: DomainChecker = {
  name: "elements",
  summary: "whatever was added to a set shows in every later read of it",
  anomalies: {
    "lost-element": "an element that was added is missing from a read, and no later read shows it",
    "stale-element": "an element that was added is missing from a read, though a later read shows it",
  },
  check,
};

/** An element that should have been shown and was not. */
interface Miss {
  readonly element: Acknowledged;
  readonly read: Showing;
}

function check(history: History): DomainResult {
  const { added, showings } = containers(history, { added: "added", shows: "elements" });
  const additions = grouped(added);
  const lost: Miss[] = [];
  const stale: Miss[] = [];
  // What is no list shows nothing, and does not say that there is nothing.
  const lists = showings.filter(({ shown }) => isJsonArray(shown));
  for (const [container, reads] of grouped(lists)) {
    const inOrder = [...reads].sort((a, b) => a.began - b.began);
    for (const [miss, isShownLater] of misses(additions.get(container) ?? [], inOrder))
      (isShownLater ? stale : lost).push(miss);
  }
  return {
    anomalies: casesByAnomaly({
      "lost-element": lost.map((miss) => witness(history, miss, "no later read shows it")),
      "stale-element": stale.map((miss) => witness(history, miss, "a later read shows it again")),
    }),
    notes: [],
  };
}

/**
 * The first read that misses each element, and whether one that began later shows it.
 * @param added in the order of their completions
 * @param reads in the order of their invocations
 */
function misses(
  added: readonly Acknowledged[],
  reads: readonly Showing[],
): readonly (readonly [miss: Miss, isShownLater: boolean])[] {
  const first = new Map<string, Miss>();
  const shownLater = new Set<string>();
  for (const read of reads) {
    // A server may answer a number where the application wrote text.
    const shown = new Set(listOf(read.shown).map(String));
    for (const element of added) {
      if (element.row >= read.began) break;
      const missed = first.get(element.element);
      if (!shown.has(element.element)) {
        if (missed === undefined) first.set(element.element, { element, read });
      } else if (missed !== undefined) shownLater.add(element.element);
    }
  }
  return [...first].map(([element, miss]) => [miss, shownLater.has(element)]);
}

function witness(history: History, { element, read }: Miss, later: string): Witness {
  return caseOf(
    history,
    [element.row, read.reader.row],
    `${valueText(element.element)} was added to ${valueText(element.container)} (index ${indexOf(history, element.row)}), ` +
      `but ${readerText(history, read.reader)}, which began afterwards, does not show it; ${later}`,
  );
}

function grouped<T extends { readonly container: string }>(items: readonly T[]): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.container);
    if (group === undefined) groups.set(item.container, [item]);
    else group.push(item);
  }
  return groups;
}
