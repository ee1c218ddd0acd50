import type { History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { member, members } from "./json-members.ts";
import { told, type Told } from "./told.ts";

/** An element that a caller was told is stored. */
export interface Acknowledged {
  /** Row of the completion that told so. */
  readonly row: number;
  readonly container: string;
  readonly element: string;
}

/** What one committed operation was shown of a container: all of it, by one statement. */
export interface Showing {
  readonly reader: Told;
  /** Row of the invocation. */
  readonly began: number;
  readonly container: string;
  readonly shown: Json;
}

/** What a history says about containers of elements. */
export interface Containers {
  /** In the order in which they were acknowledged. */
  readonly added: readonly Acknowledged[];
  /** In the order of their completions. */
  readonly showings: readonly Showing[];
}

/**
 * Collects what operations that surely committed say: `data[added][container] = element`, and
 * `data[shows][container]`, in whatever form the application shows it. Operations of unknown outcome
 * acknowledge nothing. Linear.
 */
export function containers(
  history: History,
  names: { readonly added: string; readonly shows: string },
): Containers {
  const added: Acknowledged[] = [];
  const showings: Showing[] = [];
  for (const reader of told(history)) {
    const { row, data } = reader;
    for (const [container, element] of members(member(data, names.added)))
      if (typeof element === "string") added.push({ row, container, element });
    const invocation = history.pair[row] ?? -1;
    const began = invocation < 0 ? row : invocation;
    for (const [container, shown] of members(member(data, names.shows)))
      showings.push({ reader, began, container, shown });
  }
  return { added, showings };
}

/** What was acknowledged, by container and element. */
export function byContainer(
  added: readonly Acknowledged[],
): ReadonlyMap<string, ReadonlyMap<string, Acknowledged>> {
  const found = new Map<string, Map<string, Acknowledged>>();
  for (const one of added) {
    const elements = found.get(one.container) ?? new Map<string, Acknowledged>();
    elements.set(one.element, one);
    found.set(one.container, elements);
  }
  return found;
}
