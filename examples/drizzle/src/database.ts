import { drizzle as drizzleMysql } from "drizzle-orm/mysql2";
import { int, mysqlTable, varchar as mysqlVarchar } from "drizzle-orm/mysql-core";
import { drizzle as drizzlePostgres, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { integer, pgTable, varchar } from "drizzle-orm/pg-core";
import mysql from "mysql2/promise";
import pg from "pg";

const postgresAccounts = pgTable("accounts", {
  id: integer().primaryKey(),
  customer: varchar({ length: 40 }).notNull(),
  balance: integer().notNull(),
});

const mysqlAccounts = mysqlTable("accounts", {
  id: int().primaryKey(),
  customer: mysqlVarchar({ length: 40 }).notNull(),
  balance: int().notNull(),
});

/** Drizzle upon a pool, and the table of accounts. */
export interface Bank {
  readonly pool: pg.Pool | mysql.Pool;
  readonly db: NodePgDatabase;
  readonly accounts: typeof postgresAccounts;
}

/**
 * Opens the database that `url` names: `postgres://…` or `mysql://…`. Drizzle's types differ between the two;
 * the calls that the bank makes do not, so both go by PostgreSQL's types.
 */
export function openBank(url: string): Bank {
  if (url.startsWith("mysql:")) {
    const pool = mysql.createPool(url);
    return { pool, db: drizzleMysql(pool), accounts: mysqlAccounts } as unknown as Bank;
  }
  const pool = new pg.Pool({ connectionString: url });
  return { pool, db: drizzlePostgres(pool), accounts: postgresAccounts };
}
