import { IntColumn } from "../graph/int-column.ts";

/** Rows by the group that they belong to, in columns: 8 to 16 bytes for each row. */
export class RowGroups {
  readonly #group = new IntColumn();
  readonly #row = new IntColumn();

  /** @param group counted from 0 */
  add(group: number, row: number): void {
    this.#group.push(group);
    this.#row.push(row);
  }

  /** Calls back with each group of two rows or more, in the order of the groups; its rows as they were added. Linear. */
  eachOfMany(groups: number, use: (group: number, rows: readonly number[]) => void): void {
    const groupOf = this.#group.view();
    const start = new Uint32Array(groups + 1);
    for (const group of groupOf) start[group + 1] = (start[group + 1] ?? 0) + 1;
    for (let group = 0; group < groups; group++)
      start[group + 1] = (start[group + 1] ?? 0) + (start[group] ?? 0);
    const next = start.slice();
    const sorted = new Int32Array(groupOf.length);
    groupOf.forEach((group, i) => {
      const at = next[group] ?? 0;
      sorted[at] = this.#row.at(i);
      next[group] = at + 1;
    });
    for (let group = 0; group < groups; group++) {
      const [from, to] = [start[group] ?? 0, start[group + 1] ?? 0];
      if (to - from > 1) use(group, [...sorted.subarray(from, to)]);
    }
  }
}
