import { IntColumn } from "../../graph/int-column.ts";

/** Pairs of versions of one key, the first of which came before the second; parallel columns. */
export class VersionEdges {
  readonly from: IntColumn = new IntColumn();
  readonly to: IntColumn = new IntColumn();

  get length(): number {
    return this.from.length;
  }

  /** Adds a pair; a version does not come before itself. */
  add(from: number, to: number): void {
    if (from === to) return;
    this.from.push(from);
    this.to.push(to);
  }
}
