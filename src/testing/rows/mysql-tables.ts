import type { Row } from "../../clients/database.ts";
import type { Query } from "../race-stage.ts";
import type { RowTable, RowTables } from "./row-table.ts";

/** Of the database that the session is in. */
const here = "DATABASE()";

const columns = `SELECT t.table_name AS tab, t.table_schema AS sch, t.engine AS engine, c.column_name AS col, c.data_type AS type,
    c.column_key = 'PRI' AS keyed
  FROM information_schema.tables t
  JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
  WHERE t.table_schema = ${here} AND t.table_type = 'BASE TABLE' ORDER BY t.table_name, c.ordinal_position`;

const references = `SELECT table_name AS child, referenced_table_name AS parent
  FROM information_schema.referential_constraints
  WHERE constraint_schema = ${here} AND unique_constraint_schema = ${here}
    AND (delete_rule IN ('CASCADE', 'SET NULL', 'SET DEFAULT') OR update_rule IN ('CASCADE', 'SET NULL', 'SET DEFAULT'))`;

const triggers = `SELECT event_object_table AS tab FROM information_schema.triggers WHERE trigger_schema = ${here}`;

const functions = `SELECT routine_name AS name FROM information_schema.routines WHERE routine_schema = ${here}`;

const views = `SELECT table_name AS name FROM information_schema.views WHERE table_schema = ${here}`;

/** The tables of the MySQL or MariaDB database that the session is in, as they are now. */
export async function mysqlTables(query: Query): Promise<RowTables> {
  const byTable = new Map<string, Row[]>();
  for (const row of (await query(columns)).rows) {
    const name = String(row.tab);
    byTable.set(name, [...(byTable.get(name) ?? []), row]);
  }
  const cascades = (await query(references)).rows.map(
    ({ child, parent }) => [String(child), String(parent)] as const,
  );
  const runsCode = new Set((await query(triggers)).rows.map(({ tab }) => String(tab)));
  const lower = ({ name }: Row): string => String(name).toLowerCase();
  return {
    tables: [...byTable].map(([name, rows]) =>
      tableOf(
        rows,
        cascades.flatMap(([child, parent]) => (parent === name ? [child] : [])),
        runsCode.has(name),
      ),
    ),
    functions: new Set((await query(functions)).rows.map(lower)),
    views: new Set((await query(views)).rows.map(lower)),
  };
}

function tableOf(rows: readonly Row[], children: readonly string[], runsCode: boolean): RowTable {
  const [first] = rows;
  const schema = String(first?.sch);
  const name = String(first?.tab);
  const key = rows.filter(({ keyed }) => Number(keyed) === 1);
  const type = (row: Row): string => String(row.type).toLowerCase();
  return {
    id: `${schema}.${name}`,
    name,
    sql: `\`${schema.replaceAll("`", "``")}\`.\`${name.replaceAll("`", "``")}\``,
    columns: new Map(rows.map(({ col }) => [String(col), String(col)])),
    // In text a float has six digits (MySQL manual, "Floating-Point Types").
    vague: new Set(rows.filter((row) => type(row) === "float").map(({ col }) => String(col))),
    // BOOLEAN is TINYINT(1) (MySQL manual, "Numeric Data Type Syntax").
    flags: new Set(rows.filter((row) => type(row) === "tinyint").map(({ col }) => String(col))),
    key: key.map(({ col }) => String(col)),
    countsKeys: key.every((row) => /^(?:tiny|small|medium|big)?int/.test(type(row))),
    cascades: children.map((child) => `${schema}.${child}`),
    runsCode,
    refused:
      key.length === 0
        ? "it has no primary key"
        : String(first?.engine).toLowerCase() !== "innodb"
          ? "it is no table of InnoDB"
          : undefined,
  };
}
