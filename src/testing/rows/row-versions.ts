import type { AssignedColumns } from "./assigned-columns.ts";
import { surelyDiffer } from "./compare-values.ts";
import type { RowTransaction } from "./row-transaction.ts";

/** Values of a row by column, as far as they are known; undefined: there is no row. */
export type Image = ReadonlyMap<string, unknown> | undefined;

/** A state of a row. */
export interface RowVersion {
  /** From 0 for what the set-up left; each write of the row takes the next. */
  readonly number: number;
  readonly image: Image;
  /** Undefined for what the set-up left. */
  readonly by: RowTransaction | undefined;
  /** The step in which it was written; -1 for what the set-up left. */
  readonly since: number;
  /** Where its values come from. */
  readonly assigned: AssignedColumns["columns"];
  /** The step in which its transaction failed. */
  until: number;
}

/** The states that one row has been in, in the order in which they were written. */
export class RowVersions {
  readonly #versions: RowVersion[];

  constructor(initial: Image) {
    this.#versions = [
      { number: 0, image: initial, by: undefined, since: -1, assigned: undefined, until: Infinity },
    ];
  }

  get all(): readonly RowVersion[] {
    return this.#versions;
  }

  /** The newest that was not undone. */
  get current(): RowVersion {
    const current = this.#versions.findLast(({ until }) => until === Infinity);
    if (current === undefined) throw new Error("a row has at least the version that the set-up left");
    return current;
  }

  write(image: Image, by: RowTransaction, since: number, assigned: AssignedColumns["columns"]): RowVersion {
    const version = { number: this.#versions.length, image, by, since, assigned, until: Infinity };
    this.#versions.push(version);
    return version;
  }

  /** What a transaction wrote is gone. */
  undo(by: RowTransaction, step: number): void {
    for (const version of this.#versions) if (version.by === by) version.until = step;
  }

  /**
   * Those that a read may have shown.
   *
   * @param seen values that the read told; undefined: that there was no row
   * @param since the step in which the read was sent
   * @param vague columns that are not compared
   */
  matching(seen: Image, since: number, vague: ReadonlySet<string>): readonly RowVersion[] {
    return this.#versions.filter(({ image, until }) => until >= since && agree(image, seen, vague));
  }
}

/** Whether two images may be of the same row in the same state. */
export function agree(one: Image, other: Image, vague: ReadonlySet<string>): boolean {
  if (one === undefined || other === undefined) return one === other;
  return [...other].every(([column, value]) => vague.has(column) || !surelyDiffer(one.get(column), value));
}

/** What a version is called in a history: its number, and what tells it from others. */
export function versionName(version: RowVersion, key: readonly string[]): string {
  const values = versionValues(version, key);
  return `v${version.number}${values === "" ? "" : `: ${values}`}`;
}

/** What a version holds beside its key, cut where that is long. */
export function versionValues({ image }: RowVersion, key: readonly string[]): string {
  if (image === undefined) return "no row";
  const told = [...image].filter(([column, value]) => !key.includes(column) && value !== undefined);
  const values = told.map(([column, value]) => `${column} ${valueText(value)}`).join(", ");
  return values.length > longest ? `${values.slice(0, longest)}…` : values;
}

/** Characters of a version's name that tell its values. */
const longest = 60;

function valueText(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "?" : value.toISOString();
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString("hex")}`;
  return typeof value === "string"
    ? value
    : JSON.stringify(typeof value === "bigint" ? String(value) : value);
}
