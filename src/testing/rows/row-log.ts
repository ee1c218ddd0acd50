import { isDeepStrictEqual } from "node:util";

import type { AssignedColumns } from "./assigned-columns.ts";
import { objectName, type RowTable } from "./row-table.ts";
import type { RowEvent, RowTransaction } from "./row-transaction.ts";
import { agree, versionName, type Image, type RowVersion, RowVersions } from "./row-versions.ts";

/** Rows of a table that have changed. */
export interface RowChange {
  readonly key: string;
  readonly image: Image;
}

/** An object of the history, and what it was at first. */
export interface InitialRow {
  readonly name: string;
  readonly table: string;
  readonly version: string;
}

/** What is known of the rows of one execution: their versions, and which transaction read and wrote which. */
export class RowLog {
  readonly #tables: ReadonlyMap<string, RowTable>;
  readonly #rows = new Map<string, Map<string, RowVersions>>();
  readonly #leftOut = new Map<string, string>();
  readonly #events: RowEvent[] = [];
  readonly #used = new Set<string>();
  #everything: string | undefined;

  /** @param initial by table: its rows by key, or why there are none to be watched */
  constructor(
    tables: readonly RowTable[],
    initial: ReadonlyMap<string, ReadonlyMap<string, Image> | string>,
  ) {
    this.#tables = new Map(tables.map((table) => [table.id, table]));
    for (const [id, rows] of initial)
      if (typeof rows === "string") this.#leftOut.set(id, rows);
      else this.#rows.set(id, new Map([...rows].map(([key, image]) => [key, new RowVersions(image)])));
  }

  get events(): readonly RowEvent[] {
    return this.#events;
  }

  /** Nothing is watched any more. */
  get isEmpty(): boolean {
    return this.#everything !== undefined || this.#leftOut.size === this.#tables.size;
  }

  /** A statement names a table. */
  uses(table: string): void {
    this.#used.add(table);
  }

  /** A sentence for each table that is used and takes no part, or one for all of them. */
  get leftOut(): readonly string[] {
    if (this.#everything !== undefined) return [`No row is watched: ${this.#everything}.`];
    const used = [...this.#leftOut].filter(([id]) => this.#used.has(id));
    return used.map(([id, why]) => `Rows of ${this.#tables.get(id)?.name ?? id} are left out: ${why}.`);
  }

  /** Tables that take part. */
  watched(): readonly RowTable[] {
    return [...this.#tables.values()].filter(({ id }) => this.isWatched(id));
  }

  isWatched(table: string): boolean {
    return this.#everything === undefined && this.#rows.has(table) && !this.#leftOut.has(table);
  }

  leaveOut(table: string, why: string): void {
    if (!this.#leftOut.has(table)) this.#leftOut.set(table, why);
  }

  leaveOutAll(why: string): void {
    this.#everything ??= why;
  }

  begin(session: number, f: string, isAlone: boolean, step: number): RowTransaction {
    const transaction: RowTransaction = {
      session,
      f,
      isAlone,
      began: step,
      did: [],
      wrote: new Set(),
      state: "open",
    };
    this.#events.push({ type: "invoke", step, transaction });
    return transaction;
  }

  end(transaction: RowTransaction, state: "ok" | "fail" | "info", step: number): void {
    transaction.state = state;
    this.#events.push({ type: "end", step, transaction });
    for (const table of transaction.wrote) {
      if (state === "info")
        this.leaveOut(table, "nobody knows whether a transaction that wrote it was committed");
      if (state === "fail")
        for (const row of this.#rows.get(table)?.values() ?? []) row.undo(transaction, step);
    }
  }

  /**
   * A row was written; undefined for the image: deleted.
   *
   * @param assigned by the statement, to a table that may be another one
   */
  write(
    table: RowTable,
    key: string,
    image: Image,
    by: RowTransaction,
    step: number,
    assigned: AssignedColumns | undefined,
  ): void {
    const { id, key: columns } = table;
    const row = this.#row(id, key);
    if (row === undefined) return;
    const { by: before, since } = row.current;
    // Which of two answers that came in one step is the older is not known for certain.
    if (before !== by && since === step) this.leaveOut(id, "two transactions wrote a row in one step");
    const version = row.write(image, by, step, assigned?.table === table ? assigned.columns : undefined);
    by.wrote.add(id);
    const value = [version.number, versionName(version, columns)] as const;
    by.did.push({ type: "write", table: id, key, version, mop: ["w", objectName(table, key), value] });
  }

  /**
   * A row was read, if it is certain which version was.
   *
   * @param seen what was shown of it; undefined: that it was not there
   * @param sent the step in which the statement went to the server
   */
  read(table: RowTable, key: string, seen: Image, by: RowTransaction, sent: number): void {
    const row = this.#row(table.id, key);
    if (row === undefined) return;
    const versions = row.matching(seen, sent, table.vague);
    const [version, another] = versions;
    if (version === undefined) {
      this.leaveOut(
        table.id,
        `a read of ${objectName(table, key)} shows a state that nobody was seen to write`,
      );
      return;
    }
    const value = [version.number, versionName(version, table.key)] as const;
    const mop = another === undefined ? (["r", objectName(table, key), value] as const) : undefined;
    by.did.push({ type: "read", table: table.id, key, shows: seen, versions, mop });
  }

  /** What a write of a row answered to the application of the row's new state. */
  returned(table: RowTable, key: string, seen: Image, by: RowTransaction): void {
    const version = this.current(table, key);
    if (version !== undefined)
      by.did.push({ type: "read", table: table.id, key, shows: seen, versions: [version], mop: undefined });
  }

  /**
   * Something of a table's rows was shown that cannot be told.
   *
   * @param sql of the read that showed it
   * @param locked the step in which its rows were locked, if they were
   */
  glimpse({ id }: RowTable, by: RowTransaction, sql?: string, locked?: number): void {
    by.did.push({ type: "glimpse", table: id, sql, locked, mop: undefined });
  }

  /** Whether a row is there, as far as it is known. */
  isThere({ id }: RowTable, key: string): boolean {
    return this.#rows.get(id)?.get(key)?.current.image !== undefined;
  }

  /** The newest version of a row that was not undone; undefined where nothing is known of the row. */
  current({ id }: RowTable, key: string): RowVersion | undefined {
    return this.#rows.get(id)?.get(key)?.current;
  }

  /** Every state that a row has been in. */
  versions(table: string, key: string): readonly RowVersion[] {
    return this.#rows.get(table)?.get(key)?.all ?? [];
  }

  /** The table of an id; undefined where it is not watched. */
  watchedTable(id: string): RowTable | undefined {
    return this.isWatched(id) ? this.#tables.get(id) : undefined;
  }

  /** How the rows that are there now differ from the newest versions. */
  changes({ id }: RowTable, found: ReadonlyMap<string, Image>): readonly RowChange[] {
    const keys = new Set([...found.keys(), ...(this.#rows.get(id)?.keys() ?? [])]);
    return [...keys].flatMap((key) => {
      const image = found.get(key);
      return isDeepStrictEqual(image, this.#rows.get(id)?.get(key)?.current.image) ? [] : [{ key, image }];
    });
  }

  /** Whether the rows that are there at the end may be the newest versions. */
  isAsFound({ id, vague }: RowTable, found: ReadonlyMap<string, Image>): boolean {
    const known = this.#rows.get(id) ?? new Map<string, RowVersions>();
    const keys = new Set([...found.keys(), ...known.keys()]);
    return [...keys].every((key) => agree(known.get(key)?.current.image, found.get(key), vague));
  }

  /** What an object was before everything. */
  initial(name: string): InitialRow | undefined {
    for (const [id, rows] of this.#rows) {
      const table = this.#tables.get(id);
      if (table === undefined || !name.startsWith(`${table.name}/`)) continue;
      const [version] = rows.get(name.slice(table.name.length + 1))?.all ?? [];
      if (version !== undefined) return { name, table: id, version: versionName(version, table.key) };
    }
    return undefined;
  }

  #row(table: string, key: string): RowVersions | undefined {
    const rows = this.#rows.get(table);
    if (rows === undefined) return undefined;
    const known = rows.get(key) ?? new RowVersions(undefined);
    rows.set(key, known);
    return known;
  }
}
