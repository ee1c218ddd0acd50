import type pg from "pg";

/** Sells a ticket, unless somebody has it. Answers whether it did. */
export async function sell(pool: pg.Pool, ticket: number, buyer: string): Promise<boolean> {
  const { rows } = await pool.query("SELECT owner FROM tickets WHERE id = $1", [ticket]);
  if (rows[0].owner !== null) return false;
  await pool.query("UPDATE tickets SET owner = $2 WHERE id = $1", [ticket, buyer]);
  return true;
}
