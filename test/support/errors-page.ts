import { type ErrorRow, socketErrors } from "../../src/clients/error-table.ts";
import * as mysql from "../../src/clients/mysql/errors.ts";
import * as postgres from "../../src/clients/postgres/errors.ts";
import { escaped, markdownTable } from "../../src/report/markdown/escape.ts";
import * as onMysql from "../clients/produced-errors/mysql/themes.ts";
import { conditionNames, errnoNames } from "../clients/produced-errors/names.ts";
import * as onPostgres from "../clients/produced-errors/postgres/themes.ts";
import { rowsOf } from "../clients/produced-errors/produced-rows.ts";
import type { Provocation, Theme } from "../clients/produced-errors/provocation.ts";

/** `docs/errors.md`, in Markdown, from the error tables and from the tests that produce each row. */
export function errorsPage(): string {
  const parts = [
    "# What an error proves",
    `The outcome of an attempt that failed is decided by its phase first. Before COMMIT was sent it surely failed (\`fail\`), whatever the error: the server rolls back what it was not told to commit. Once COMMIT, or a statement that commits itself, was sent, only an error that is on these lists and says *always* proves the same; everything else may have committed (\`info\`). A connection that is lost then proves nothing, whatever its last words. Where a statement can commit a part of its work and then fail (\`CALL\`, several statements in one string, \`DROP\`, \`CREATE OR REPLACE\`), no error of it proves anything.`,
    "*Always* is claimed for tables of a transactional engine: PostgreSQL's own, and InnoDB's.",
    "Each row was produced on a real server by `test/clients/produced-errors`, as the last but one column says, or the reason stands there why it was not. The tests look into the table afterwards: what was said to have failed is not there. A class of PostgreSQL, two characters, stands for all its codes that have no row.",
    "The page is written by `npx vitest run test/docs/errors-page.test.ts -u`.",
    "## PostgreSQL",
    tableOf("SQLSTATE", postgres.errorTable, onPostgres, conditionNames),
    "`55P03` is `lock-timeout` where `lock_timeout` ended a wait, and `57014` is `statement-timeout` where `statement_timeout` ended a statement. Class `08` is `connection-lost` where it ends the session.",
    endsOf(onPostgres.themes),
    "## MySQL and MariaDB",
    tableOf("errno", mysql.errorTable, onMysql, errnoNames),
    endsOf(onMysql.themes),
    "## Drivers and sockets",
    "What `pg`, `mysql2` and Node.js say without the server. None of it proves anything once COMMIT was sent.",
    markdownTable(
      ["code or text", "cause", "source"],
      [postgres.driverErrors, mysql.driverErrors, socketErrors].flatMap((table) =>
        Object.entries(table).map(([code, row]) => [`\`${code}\``, row.cause, escaped(row.source)]),
      ),
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

interface Side {
  readonly themes: readonly Theme[];
  readonly notProduced: Readonly<Record<string, string>>;
}

function tableOf(
  title: string,
  table: Readonly<Record<string, ErrorRow>>,
  { themes, notProduced }: Side,
  names: Readonly<Record<string, string>>,
): string {
  const produced = rowsOf(table, themes);
  const rows = Object.entries(table)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, row]) => [
      `\`${code}\``,
      names[code] === undefined ? "" : `\`${names[code]}\``,
      row.cause,
      row.definite === "always" ? "always" : "before COMMIT",
      produced
        .get(code)
        ?.map((one) => howText(code, one))
        .join(" ") ?? `Not produced: ${notProduced[code] ?? ""}.`,
      escaped(row.source),
    ]);
  return markdownTable([title, "name", "cause", "failed for sure", "produced by", "source"], rows);
}

/** The code goes along where it is not the row's, which is a class then. */
function howText(row: string, { code, how }: Provocation): string {
  return `${code === row ? "" : `\`${code}\`: `}${sentence(how)}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function endsOf(themes: readonly Theme[]): string {
  const ends = themes.flatMap(({ losses = [] }) => losses);
  return [
    "Sessions that end without a code, or with one that comes too late to be relied on, are `connection-lost`:",
    ends.map(({ how }) => `- ${sentence(how)}`).join("\n"),
  ].join("\n\n");
}
