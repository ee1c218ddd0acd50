import { Kysely, MysqlDialect, PostgresDialect } from "kysely";
import { createPool, type Pool as MysqlPool } from "mysql2";
import pg from "pg";

export interface Tables {
  seats: { id: number; buyer: string | null };
}

/** A pool of connections and Kysely upon it. */
export interface Database {
  readonly pool: pg.Pool | MysqlPool;
  readonly db: Kysely<Tables>;
}

/** Opens the database that `url` names: `postgres://…` or `mysql://…`. */
export function openDatabase(url: string): Database {
  if (url.startsWith("mysql:")) {
    const pool = createPool(url);
    return { pool, db: new Kysely({ dialect: new MysqlDialect({ pool }) }) };
  }
  const pool = new pg.Pool({ connectionString: url });
  return { pool, db: new Kysely({ dialect: new PostgresDialect({ pool }) }) };
}

export async function createTables(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("seats")
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("buyer", "varchar(40)")
    .execute();
}
