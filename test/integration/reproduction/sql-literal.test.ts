import fc from "fast-check";
import { expect, test } from "vitest";

import type { Dialect } from "../../../src/clients/database.ts";
import { sqlLiteral, withLiterals } from "../../../src/report/reproduction/sql-literal.ts";
import { withoutClosingBrace } from "../../../src/report/reproduction/without-closing-brace.ts";
import { serverOf, withDatabase, withSessions } from "../../support/databases.ts";
import { serverUrls } from "../../support/servers.ts";

/** Text that a server can store: no NUL for PostgreSQL, no half of a surrogate pair. */
const text = (dialect: Dialect): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.string({ unit: "binary" }),
      fc.string({
        unit: fc.constantFrom(
          "'",
          '"',
          "\\",
          "\n",
          "\r",
          "\t",
          "\b",
          "\u001a",
          "%",
          "$1",
          "}",
          ";",
          "--",
          "é",
          "😀",
        ),
      }),
    )
    .map((value) => (dialect === "postgres" ? value.replaceAll("\0", "") : value));

const finite = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const bytes = fc.uint8Array({ maxLength: 40 });
/** Years that both servers have, in the time zone of this machine. */
const date = fc.date({ min: new Date("1971-01-01"), max: new Date("2199-01-01"), noInvalidDate: true });

/** A parameter, and the expression it stands in, `$1` being the parameter. */
type Case = readonly [expression: string, value: unknown];

const cases: Readonly<Record<Dialect, fc.Arbitrary<Case>>> = {
  postgres: fc.oneof(
    fc.tuple(
      fc.constantFrom("$1", "$1::text"),
      fc.oneof(text("postgres"), finite, fc.boolean(), fc.constantFrom(null, undefined)),
    ),
    fc.tuple(fc.constantFrom("$1::float8", "$1 * 0.5", "$1::numeric"), finite),
    fc.tuple(fc.constant("$1 + 1"), fc.integer({ min: -1e9, max: 1e9 })),
    fc.tuple(fc.constant("not $1"), fc.boolean()),
    fc.tuple(fc.constant("$1::bytea"), bytes),
    fc.tuple(fc.constantFrom("$1::timestamptz", "$1::timestamp", "$1::text", "$1::date"), date),
    fc.tuple(fc.constant("$1::text[]"), fc.array(fc.option(text("postgres")))),
    fc.tuple(fc.constant("$1::int[]"), fc.array(fc.array(fc.integer(), { minLength: 2, maxLength: 2 }))),
    fc.tuple(fc.constant("$1::bytea[]"), fc.array(bytes)),
    fc.tuple(fc.constant("$1::timestamptz[]"), fc.array(date)),
    fc.tuple(
      fc.constant("$1::jsonb"),
      fc.dictionary(text("postgres"), fc.oneof(text("postgres"), fc.integer())),
    ),
    fc.tuple(fc.constant("$1::int8"), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  ),
  mysql: fc.oneof(
    fc.tuple(
      fc.constantFrom("$1", "concat($1, '')"),
      fc.oneof(text("mysql"), finite, fc.boolean(), fc.constantFrom(null, undefined)),
    ),
    fc.tuple(
      fc.constantFrom("$1 * 0.5", "-$1"),
      finite.filter((value) => value >= 0),
    ),
    fc.tuple(fc.constantFrom("$1", "hex($1)"), bytes),
    fc.tuple(fc.constantFrom("$1", "cast($1 as datetime(3))"), date),
    fc.tuple(fc.constant("$1"), fc.array(fc.oneof(text("mysql"), fc.integer(), fc.constant(null), date))),
    fc.tuple(fc.constant("$1"), fc.dictionary(text("mysql"), fc.oneof(text("mysql"), fc.integer()))),
    fc.tuple(fc.constant("$1"), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  ),
};

test.each(serverUrls())("a literal is to $kind what the driver's parameter is", async (server) => {
  await withDatabase(server, (database) =>
    withSessions(database, "read-committed", 1, (session) =>
      fc.assert(
        fc.asyncProperty(cases[server.dialect], async ([expression, value]) => {
          const sql = `select ${expression} as it, 'a$1''b' as quoted /* $1 */ -- $1`;
          const literal = withLiterals(sql, [value], server.kind);
          expect(literal).toBe(
            `select ${expression.replace("$1", () => sqlLiteral(value, server.kind))} as it, 'a$1''b' as quoted /* $1 */ -- $1`,
          );
          const [driver, ours] = [await session.query(sql, [value]), await session.query(literal)];
          expect(ours.rows).toEqual(driver.rows);
        }),
        { numRuns: 1000 },
      ),
    ),
  );
});

test("a closing brace written as an escape means the same to PostgreSQL", async () => {
  const scrap = fc.constantFrom("}", "\\", "'", '"', "a", "{", "\\\\", "7", "\n");
  const body = fc.array(scrap, { minLength: 1 }).map((scraps) => `}${scraps.join("")}`);
  const doubled = (value: string): string => value.replaceAll("'", "''");
  const escaped = (value: string): string => doubled(value.replaceAll("\\", "\\\\"));
  const forms: readonly ((value: string) => string)[] = [
    (value) => `'${doubled(value)}'`,
    (value) => `E'${escaped(value)}'`,
    (value) => `E'${escaped(value).replaceAll("}", "\\}")}'`,
    (value) => `U&'${escaped(value)}'`,
    (value) => `$x$${value}$x$`,
    (value) => `1 as "${value.replaceAll('"', '""')}"`,
  ];
  await withDatabase(serverOf("postgres"), (database) =>
    withSessions(database, "read-committed", 1, (session) =>
      fc.assert(
        fc.asyncProperty(body, fc.constantFrom(...forms), async (value, form) => {
          const sql = `select ${form(value)}`;
          const rewritten = withoutClosingBrace(sql);
          expect(rewritten).not.toContain("}");
          expect((await session.query(rewritten)).rows).toEqual((await session.query(sql)).rows);
        }),
        { numRuns: 300 },
      ),
    ),
  );
});
