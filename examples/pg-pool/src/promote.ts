import type { Pool, PoolClient } from "pg";

/** Puts a version of a model into production. The version that was there goes to the archive. */
export async function promote(pool: Pool, model: number, version: number): Promise<void> {
  await transaction(pool, (client) => replaceProduction(client, model, version));
}

/** The same, one promotion of a model after the other: each locks the model's row first. */
export async function promoteLocked(pool: Pool, model: number, version: number): Promise<void> {
  await transaction(pool, async (client) => {
    await client.query("select id from models where id = $1 for update", [model]);
    await replaceProduction(client, model, version);
  });
}

async function replaceProduction(client: PoolClient, model: number, version: number): Promise<void> {
  await client.query("update versions set stage = 'archived' where model = $1 and stage = 'production'", [
    model,
  ]);
  await client.query("update versions set stage = 'production' where model = $1 and number = $2", [
    model,
    version,
  ]);
}

async function transaction(pool: Pool, body: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await body(client);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
