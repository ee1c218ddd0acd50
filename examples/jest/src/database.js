import mysql from "mysql2/promise";
import pg from "pg";

/**
 * Asks one statement, with `?` for its parameters, and answers rows.
 *
 * @typedef {(sql: string, params?: readonly unknown[]) => Promise<readonly unknown[]>} Query
 */

/**
 * A database by its connections.
 *
 * @typedef {object} Database
 * @property {<T>(body: (query: Query) => Promise<T>) => Promise<T>} transaction commits, or rolls back what throws
 * @property {() => Promise<void>} close
 */

/**
 * Opens the database that `url` names: `postgres://…` or `mysql://…`.
 *
 * @param {string} url
 * @returns {Database}
 */
export function openDatabase(url) {
  return url.startsWith("postgres") ? openPostgres(url) : openMysql(url);
}

/** @param {string} url @returns {Database} */
function openPostgres(url) {
  const pool = new pg.Pool({ connectionString: url });
  return {
    transaction: async (body) => {
      const client = await pool.connect();
      /** @type {Query} */
      const query = async (sql, params = []) => {
        let number = 0;
        return (
          await client.query(
            sql.replaceAll("?", () => `$${++number}`),
            [...params],
          )
        ).rows;
      };
      try {
        return await inTransaction(query, body);
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

/** @param {string} url @returns {Database} */
function openMysql(url) {
  const pool = mysql.createPool(url);
  return {
    transaction: async (body) => {
      const connection = await pool.getConnection();
      /** @type {Query} */
      const query = async (sql, params = []) => {
        const [rows] = await connection.query(sql, [...params]);
        return Array.isArray(rows) ? rows : [];
      };
      try {
        return await inTransaction(query, body);
      } finally {
        connection.release();
      }
    },
    close: () => pool.end(),
  };
}

/**
 * @template T
 * @param {Query} query
 * @param {(query: Query) => Promise<T>} body
 */
async function inTransaction(query, body) {
  await query("begin");
  try {
    const result = await body(query);
    await query("commit");
    return result;
  } catch (error) {
    await query("rollback");
    throw error;
  }
}
