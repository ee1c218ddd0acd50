import { Abort, type Dialect, type Session, type Transaction } from "isolab";

/** What keeps two registrations of one model apart. */
export interface Guard {
  readonly take: (tx: Transaction, model: number, dialect: Dialect) => Promise<void>;
  /** For what the end of the transaction does not release by itself. */
  readonly release?: (session: Session, model: number) => Promise<void>;
}

/** A lock on the model's row, until the end of the transaction. */
export const rowLock: Guard = {
  take: async (tx, model) => {
    await tx.query("select id from models where id = $1 for update", [model]);
  },
};

/** An advisory lock on the model, which outlives the transaction. */
export const advisoryLock: Guard = {
  take: async (tx, model, dialect) => {
    if (dialect === "postgres") {
      await tx.query("select pg_advisory_lock(hashtext(current_schema()), $1)", [model]);
      return;
    }
    const name = "concat(database(), '/model/', $1)";
    const { rows } = await tx.query(`select get_lock(${name}, 60) as taken`, [model]);
    if (rows[0]?.taken !== 1) throw new Abort("lock-timeout");
  },
  release: async (session, model) => {
    const name = "concat(database(), '/model/', $1)";
    await session.query(
      session.dialect === "postgres"
        ? "select pg_advisory_unlock(hashtext(current_schema()), $1)"
        : `select release_lock(${name})`,
      [model],
    );
  },
};
