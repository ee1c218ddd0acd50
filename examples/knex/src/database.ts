import knex, { type Knex } from "knex";

/** Opens the database that `url` names: `postgres://…` or `mysql://…`. */
export function openDatabase(url: string): Knex {
  return knex({ client: url.startsWith("mysql:") ? "mysql2" : "pg", connection: url, pool: { min: 0 } });
}

export async function createTables(db: Knex): Promise<void> {
  await db.schema.createTable("pages", (table) => {
    table.integer("id").primary();
    table.integer("views").notNullable();
  });
}
