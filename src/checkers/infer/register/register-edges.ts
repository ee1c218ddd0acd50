import type { Adjacency } from "../../graph/adjacency.ts";
import { edge } from "../../graph/edge-type.ts";
import type { EdgeList } from "../../graph/edge-list.ts";
import { none } from "../element-table.ts";
import type { Transactions } from "../transactions.ts";
import { readersByVersion } from "./readers.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { unseenWrites } from "./unseen-writes.ts";
import type { Visits } from "./visits.ts";

/**
 * The dependencies between transactions: wr from the writer of a version to its readers; along each
 * edge of the version order ww from writer to writer and rw from the readers of the earlier version to
 * the writer of the later one (Adya, Liskov and O'Neil 2000, section 4.4). Only what surely committed and was left
 * behind counts. The initial version comes before every other of its key: where an earlier version with
 * a writer is known, rw to that writer and ww from there say the same, so rw goes to the first ones
 * only, over a helper where many readers meet many writers.
 */
export function registerEdges(
  { committed }: Transactions,
  visits: Visits,
  versions: RegisterVersions,
  order: Adjacency,
  edges: EdgeList,
): void {
  const { writer, value } = versions;
  const readers = readersByVersion(committed, visits, versions);
  const follows = new Uint8Array(versions.length);
  const targets: number[] = [];
  for (let key = 0; key + 1 < versions.start.length; key++) {
    const initial = versions.start[key] ?? 0;
    const end = versions.start[key + 1] ?? 0;
    for (let version = initial + 1; version < end; version++) {
      const source = writer[version] ?? none;
      const item = value[version] ?? none;
      if (source !== none)
        readers.each(version, (reader) => {
          edges.add(source, reader, edge.wr, key, item);
        });
      targets.length = 0;
      for (let e = order.start[version] ?? 0; e < (order.start[version + 1] ?? 0); e++) {
        const later = order.target[e] ?? 0;
        const target = writer[later] ?? none;
        if (target === none) continue;
        targets.push(later);
        if (source === none) continue;
        edges.add(source, target, edge.ww, key, value[later] ?? none);
        follows[later] = 1;
      }
      if (targets.length > 0) unseenWrites(edges, key, versions, readers, version, targets);
    }
    if (readers.count(initial) === 0) continue;
    targets.length = 0;
    for (let version = initial + 1; version < end; version++)
      if (follows[version] === 0 && writer[version] !== none) targets.push(version);
    if (targets.length > 0) unseenWrites(edges, key, versions, readers, initial, targets);
  }
}
