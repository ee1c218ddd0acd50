import { isNativeError } from "node:util/types";

import type { Catalogue, Column } from "./catalogue.ts";
import { numberLeaf, plainLeaf } from "./leaves.ts";
import type { Outcome, SessionEnding, State, StoredRow } from "./outcome.ts";
import type { Fields, Tree } from "./tree.ts";
import { errorParts, valueTree } from "./value-tree.ts";

/** How a session ended, as it is compared. */
export interface Ending {
  readonly type: SessionEnding["type"];
  /** What it returned, or name, code and message of what it threw. */
  readonly tree: Tree;
}

/** An outcome, as it is compared. */
export interface Snapshot {
  /** Rows by table; a table that was not read is not there. */
  readonly tables: ReadonlyMap<string, readonly Fields[]>;
  /** By the session's number. */
  readonly endings: ReadonlyMap<number, Ending>;
  /** Sentences about tables that were not read. */
  readonly leftOut: readonly string[];
}

/** Takes snapshots. Equal rows are one object, so that what did not change costs nothing. */
export class Camera {
  readonly #catalogue: Catalogue;
  readonly #rows = new Map<string, Fields>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  outcome({ sessions, state }: Outcome, nowMs: number): Snapshot {
    const endings = sessions.flatMap((ending, session) =>
      ending === undefined ? [] : [[session, endingOf(ending, nowMs)] as const],
    );
    return { ...this.state(state, nowMs), endings: new Map(endings) };
  }

  state(state: State, nowMs: number): Snapshot {
    const tables = new Map<string, readonly Fields[]>();
    const leftOut: string[] = [];
    for (const { name, columns } of this.#catalogue.tables) {
      const table = state.tables.get(name);
      if (table?.type === "rows")
        tables.set(
          name,
          table.rows.map((row) => this.#row(name, row, columns, nowMs)),
        );
      else leftOut.push(table?.why ?? `${name} was not read`);
    }
    return { tables, leftOut, endings: new Map() };
  }

  #row(table: string, row: StoredRow, columns: readonly Column[], nowMs: number): Fields {
    const id = JSON.stringify([table, row]);
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const cells = columns.map((column, i): readonly [string, Tree] => [
      column.name,
      cellTree(row[i] ?? null, column, nowMs),
    ]);
    const made: Fields = { type: "fields", fields: new Map(cells) };
    this.#rows.set(id, made);
    return made;
  }
}

function endingOf(ending: SessionEnding, nowMs: number): Ending {
  const { type } = ending;
  if (type === "returned") return { type, tree: valueTree(ending.value, nowMs) };
  const { error } = ending;
  const isObject = typeof error === "object" && error !== null;
  const thrown =
    isObject && (isNativeError(error) || "message" in error) ? Object.fromEntries(errorParts(error)) : error;
  return { type, tree: valueTree(thrown, nowMs) };
}

function cellTree(text: string | null, { content, keyOf }: Column, nowMs: number): Tree {
  if (text === null) return plainLeaf("NULL");
  if (keyOf !== undefined) return { type: "leaf", kind: "key", text, of: keyOf, shown: text };
  switch (content) {
    case "exact":
      return numberLeaf(text, false, nowMs);
    case "float":
      return numberLeaf(text, true, nowMs);
    case "bytes":
      return plainLeaf(text);
    case "text":
      return valueTree(text, nowMs);
  }
}
