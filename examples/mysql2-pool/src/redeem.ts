import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from "mysql2/promise";

/** Redeems a coupon for a customer. Answers whether there was a use of it left. */
export async function redeem(pool: Pool, code: string, customer: number): Promise<boolean> {
  return transaction(pool, async (connection) => {
    const [rows] = await connection.execute<RowDataPacket[]>("select uses_left from coupons where code = ?", [
      code,
    ]);
    if (!rows[0] || rows[0]["uses_left"] < 1) return false;
    await connection.execute("update coupons set uses_left = uses_left - 1 where code = ?", [code]);
    await connection.execute("insert into redemptions (code, customer) values (?, ?)", [code, customer]);
    return true;
  });
}

/** The same, but the UPDATE itself checks, and says by its count of rows whether it took a use. */
export async function redeemCounted(pool: Pool, code: string, customer: number): Promise<boolean> {
  return transaction(pool, async (connection) => {
    const [taken] = await connection.execute<ResultSetHeader>(
      "update coupons set uses_left = uses_left - 1 where code = ? and uses_left > 0",
      [code],
    );
    if (taken.affectedRows === 0) return false;
    await connection.execute("insert into redemptions (code, customer) values (?, ?)", [code, customer]);
    return true;
  });
}

async function transaction<T>(pool: Pool, body: (connection: PoolConnection) => Promise<T>): Promise<T> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const result = await body(connection);
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}
