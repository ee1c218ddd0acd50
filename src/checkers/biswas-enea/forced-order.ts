import { IntColumn } from "../graph/int-column.ts";
import { initial } from "./register-history.ts";

/** A transaction that comes before a reader, and yet the reader saw the initial version of a key it wrote. */
export interface StaleInitialRead {
  /** The node that wrote the key. */
  readonly writer: number;
  /** The node that read it. */
  readonly reader: number;
  /** Position in the history's keys. */
  readonly key: number;
}

/**
 * What a model's axiom forces upon the commit order: `from` committed before `to`, because `reader` saw
 * `key` as `to` wrote it although `from`, which wrote it as well, came before `reader`.
 */
export class ForcedOrder {
  readonly from: IntColumn = new IntColumn();
  readonly to: IntColumn = new IntColumn();
  readonly reader: IntColumn = new IntColumn();
  readonly key: IntColumn = new IntColumn();
  /** Contradictions by themselves: nothing commits before the initial versions. The first few. */
  readonly stale: StaleInitialRead[] = [];

  /** @param to a node, or `initial` */
  add(from: number, to: number, reader: number, key: number): void {
    if (to === initial) {
      if (this.stale.length < staleKept) this.stale.push({ writer: from, reader, key });
      return;
    }
    this.from.push(from);
    this.to.push(to);
    this.reader.push(reader);
    this.key.push(key);
  }
}

/** A bound: how many stale reads are kept; a shortest one is told. */
const staleKept = 16;
