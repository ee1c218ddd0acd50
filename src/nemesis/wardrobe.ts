import type { Connection } from "../clients/database.ts";
import { DatabaseError } from "../clients/database-error.ts";

/** Something that is set in a session between two operations, and reset. */
export interface Dress {
  readonly on: (connection: Connection) => Promise<void>;
  readonly off: (connection: Connection) => Promise<void>;
}

/** What the sessions of the run are to wear: each changes before its next operation, one that is opened later too. */
export interface Wardrobe {
  /** @returns a function that takes it off again */
  readonly put: (dress: Dress) => () => void;
  /**
   * Changes what a session wears, outside any transaction. A connection on which that fails is closed: a fresh one
   * wears nothing.
   */
  readonly prepare: (connection: Connection) => Promise<void>;
}

/** With nothing in it. */
export function wardrobe(): Wardrobe {
  const wanted = new Set<Dress>();
  const worn = new WeakMap<Connection, Set<Dress>>();
  return {
    put: (dress) => {
      wanted.add(dress);
      return () => {
        wanted.delete(dress);
      };
    },
    prepare: async (connection) => {
      const on = worn.get(connection) ?? new Set<Dress>();
      worn.set(connection, on);
      try {
        for (const dress of on) {
          if (wanted.has(dress)) continue;
          await dress.off(connection);
          on.delete(dress);
        }
        for (const dress of wanted) {
          if (on.has(dress)) continue;
          await dress.on(connection);
          on.add(dress);
        }
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        await connection.close();
      }
    },
  };
}
