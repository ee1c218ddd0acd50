import type { Knex } from "knex";

/** Counts one more view of a page, and answers how many there are now. */
export async function countView(db: Knex, page: number): Promise<number> {
  return db.transaction(async (tx) => {
    const views = (await viewsOf(tx, page)) + 1;
    await tx("pages").where({ id: page }).update({ views });
    return views;
  });
}

/** The same, but the database adds: its UPDATE works upon the latest row, which it locks. */
export async function countViewInDatabase(db: Knex, page: number): Promise<number> {
  return db.transaction(async (tx) => {
    await tx("pages").where({ id: page }).increment("views", 1);
    return viewsOf(tx, page);
  });
}

async function viewsOf(tx: Knex.Transaction, page: number): Promise<number> {
  const row = await tx<{ id: number; views: number }>("pages").where({ id: page }).first("views");
  if (row === undefined) throw new Error(`there is no page ${page}`);
  return row.views;
}
