import { edge } from "../../graph/edge-type.ts";
import type { EdgeList } from "../../graph/edge-list.ts";
import { none } from "../element-table.ts";
import { fanOut } from "../range-fan.ts";
import type { Readers } from "./readers.ts";
import type { RegisterVersions } from "./register-versions.ts";

/** A bound: up to this many edges between readers and writers are drawn one by one. */
const directEdges = 16;

/** A bound: up to this many edges between readers that are writers too are drawn one by one. */
const directUpdates = 4096;

/**
 * rw from every reader of a version to the writer of every later one in `targets`, but for a reader that
 * wrote that one itself. Linear in readers plus targets: readers and writers meet at a helper, but the
 * few transactions that are both go by themselves, so that none comes before itself.
 */
export function unseenWrites(
  edges: EdgeList,
  key: number,
  { writer, value }: RegisterVersions,
  readers: Readers,
  version: number,
  targets: readonly number[],
): void {
  const count = readers.count(version);
  const link = (reader: number, target: number): void => {
    edges.add(reader, writer[target] ?? none, edge.rw, key, value[target] ?? none);
  };
  if (count * targets.length <= directEdges || count === 1 || targets.length === 1) {
    readers.each(version, (reader) => {
      for (const target of targets) link(reader, target);
    });
    return;
  }
  const written = new Map(targets.map((target) => [writer[target] ?? none, target]));
  const pure: number[] = [];
  const updates: number[] = [];
  readers.each(version, (reader) => {
    const own = written.get(reader);
    if (own === undefined) pure.push(reader);
    else {
      updates.push(own);
      written.delete(reader);
    }
  });
  const others = [...written.values()];
  if (others.length > 0) {
    const hub = hubOf(edges, key, { writer, value }, others);
    for (const reader of pure) edges.add(reader, hub, edge.rw, key);
    for (const update of updates) edges.add(writer[update] ?? none, hub, edge.rw, key);
  }
  if (updates.length === 0) return;
  if (pure.length > 0) {
    const hub = hubOf(edges, key, { writer, value }, updates);
    for (const reader of pure) edges.add(reader, hub, edge.rw, key);
  }
  betweenUpdates(edges, key, { writer, value }, updates);
}

type Written = Pick<RegisterVersions, "writer" | "value">;

/** A helper that leads to the writers of versions. */
function hubOf(edges: EdgeList, key: number, { writer, value }: Written, targets: readonly number[]): number {
  const hub = edges.helper();
  for (const target of targets)
    edges.add(hub, writer[target] ?? none, edge.silent, key, value[target] ?? none);
  return hub;
}

/** rw between each two transactions that found the same version and replaced it. */
function betweenUpdates(
  edges: EdgeList,
  key: number,
  { writer, value }: Written,
  updates: readonly number[],
): void {
  if (updates.length * updates.length <= directUpdates) {
    for (const one of updates)
      for (const other of updates)
        edges.add(writer[one] ?? none, writer[other] ?? none, edge.rw, key, value[other] ?? none);
    return;
  }
  const fan = fanOut(
    edges,
    {
      key,
      node: Int32Array.from(updates, (update) => writer[update] ?? none),
      element: Int32Array.from(updates, (update) => value[update] ?? none),
    },
    edge.rw,
  );
  updates.forEach((update, i) => {
    fan.link(writer[update] ?? none, 0, i);
    fan.link(writer[update] ?? none, i + 1, updates.length);
  });
}
