/** Of `pg_namespace n`: not the server's own. Temporary schemas count as the user's. */
export const isPostgresUserSchema =
  "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%'";

/** Of a database in MySQL and MariaDB, whose name stands before it. */
export const isMysqlUserSchema = "NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')";
