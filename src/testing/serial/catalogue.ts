import type { Dialect } from "../../clients/database.ts";

/** The user's tables, and what hands out values in them. */
export interface Catalogue {
  readonly dialect: Dialect;
  /** By name, in alphabetical order. */
  readonly tables: readonly Table[];
  /** Sequences that belong to no AUTO_INCREMENT column, quoted as a statement needs them. */
  readonly sequences: readonly string[];
}

export interface Table {
  /** As people write it: `orders`, or `billing.orders` outside of the first schema of the search path. */
  readonly name: string;
  /** As a statement needs it. */
  readonly quoted: string;
  /** The columns that are compared, in the table's order. */
  readonly columns: readonly Column[];
  /** Names of columns that are not compared: the server computes them. */
  readonly computed?: readonly string[];
  /** Names of all columns of the primary key; empty where there is none. */
  readonly primaryKey: readonly string[];
  /** The column that AUTO_INCREMENT fills. */
  readonly autoIncrement: string | undefined;
  /** The set-up does not make it: it need not be there. */
  readonly made?: boolean;
}

export interface Column {
  readonly name: string;
  readonly quoted: string;
  /** How its text is to be understood. */
  readonly content: ColumnContent;
  /**
   * The generated column, as `table.column`, whose values these are: its own name where the server generates them, the
   * name of the column that it references in the end where that is generated. Undefined for any other column.
   */
  readonly keyOf: string | undefined;
}

/** `exact` and `float` are numbers; `bytes` come as hexadecimal digits; `text` is everything else. */
export type ColumnContent = "exact" | "float" | "bytes" | "text";
