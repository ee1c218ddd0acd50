import type { Dialect } from "../../clients/database.ts";
import type { KeysOf } from "./chosen-by-key.ts";
import { isOpaque, readsAndWrites } from "./lone-statement.ts";
import { statementRole, type StatementRole } from "./statement-role.ts";

/** What a statement is, as far as its text tells. */
export interface ReadStatement {
  readonly role: StatementRole;
  /** Where it commits itself: see `isOpaque`. */
  readonly isOpaque: boolean;
  /** Where it commits itself: see `readsAndWrites`. */
  readonly readsAndWrites: boolean;
}

/** Reads statements, each text once: the same few come again in every step of an execution. */
export class StatementReader {
  readonly #dialect: Dialect;
  readonly #keysOf: KeysOf;
  readonly #known = new Map<string, ReadStatement>();
  readonly #knownToReachFurther = new Map<string, ReadStatement>();

  /** @param keysOf the keys of each table */
  constructor(dialect: Dialect, keysOf: KeysOf) {
    this.#dialect = dialect;
    this.#keysOf = keysOf;
  }

  /** @param reachesFurther there are triggers, functions and the like, by which it may do more than it says */
  read(sql: string, reachesFurther: boolean): ReadStatement {
    const known = reachesFurther ? this.#knownToReachFurther : this.#known;
    const before = known.get(sql);
    if (before !== undefined) return before;
    const statement = {
      role: statementRole(sql, this.#dialect),
      isOpaque: isOpaque(sql, this.#dialect, reachesFurther),
      readsAndWrites: readsAndWrites(sql, this.#dialect, reachesFurther, this.#keysOf),
    };
    known.set(sql, statement);
    return statement;
  }
}
