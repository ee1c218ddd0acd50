/**
 * Asks for the tables of some databases, as rows of (name, referenced): a table that a foreign key of its refers to, or
 * null.
 *
 * @param which a condition on a schema's name, which `{}` stands for
 */
export function tablesQuery(which: string): string {
  return `SELECT t.table_name AS name, c.referenced_table_name AS referenced
     FROM information_schema.tables t
     LEFT JOIN information_schema.referential_constraints c
       ON c.constraint_schema = t.table_schema AND c.table_name = t.table_name
     WHERE ${on(which, "t.table_schema")} AND t.table_type = 'BASE TABLE'
     ORDER BY 1, 2`;
}

/**
 * Asks how many things there are, as `others`, by which a statement may touch more than the tables that it names and
 * those tied to them: views, triggers, routines, defaults that are taken from a sequence, tables that stand for others.
 *
 * @param which a condition on a schema's name, which `{}` stands for
 */
export function othersQuery(which: string): string {
  return `SELECT (SELECT COUNT(*) FROM information_schema.views WHERE ${on(which, "table_schema")})
          + (SELECT COUNT(*) FROM information_schema.triggers WHERE ${on(which, "trigger_schema")})
          + (SELECT COUNT(*) FROM information_schema.routines WHERE ${on(which, "routine_schema")})
          + (SELECT COUNT(*) FROM information_schema.columns WHERE ${on(which, "table_schema")}
               AND (column_default LIKE '%nextval(%' OR column_default LIKE '%setval(%'))
          + (SELECT COUNT(*) FROM information_schema.tables WHERE ${on(which, "table_schema")}
               AND engine IN ('MRG_MyISAM', 'FEDERATED', 'CONNECT', 'SPIDER')) AS others`;
}

function on(which: string, column: string): string {
  return which.replaceAll("{}", column);
}
