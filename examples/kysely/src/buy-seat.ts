import type { Kysely } from "kysely";

import type { Tables } from "./database.ts";

/** Sells a seat to `buyer`. Answers whether it was still free. */
export async function buySeat(db: Kysely<Tables>, seat: number, buyer: string): Promise<boolean> {
  const found = await db.selectFrom("seats").select("buyer").where("id", "=", seat).executeTakeFirstOrThrow();
  if (found.buyer !== null) return false;
  await db.updateTable("seats").set({ buyer }).where("id", "=", seat).execute();
  return true;
}

/** The same in one statement: it takes the seat only if it is free, and its count of rows says so. */
export async function buyFreeSeat(db: Kysely<Tables>, seat: number, buyer: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("seats")
    .set({ buyer })
    .where("id", "=", seat)
    .where("buyer", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
