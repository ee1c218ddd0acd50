import type { Model } from "./model.ts";

/** What is to be seen. */
export interface Filter {
  /** Part of a key's text, in any case; empty for all. */
  readonly key: string;
  /** Undefined for all. */
  readonly lane: number | undefined;
  /** By outcome's code. */
  readonly outcomes: readonly boolean[];
  /** Only what is part of an anomaly. */
  readonly onlyMarked: boolean;
}

/** 1 for each operation that a filter lets through. A key that is named exactly is taken alone. */
export function passing({ data, count, marked }: Model, filter: Filter): Uint8Array {
  const mask = new Uint8Array(count);
  const keys = keysMeant(data.keys, filter.key.trim());
  for (let at = 0; at < count; at++) {
    const passes =
      (filter.lane === undefined || data.lane[at] === filter.lane) &&
      filter.outcomes[data.outcome[at] ?? 0] === true &&
      (!filter.onlyMarked || marked[at] === 1) &&
      (keys === undefined || (data.touched[at] ?? []).some((key) => keys.has(key)));
    mask[at] = passes ? 1 : 0;
  }
  return mask;
}

function keysMeant(keys: readonly string[], text: string): ReadonlySet<number> | undefined {
  if (text === "") return undefined;
  const exact = keys.indexOf(text);
  if (exact >= 0) return new Set([exact]);
  const part = text.toLowerCase();
  return new Set(keys.flatMap((key, number) => (key.toLowerCase().includes(part) ? [number] : [])));
}
