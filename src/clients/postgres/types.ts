import pg from "pg";

const int8 = 20;
const int8Array = 1016;

/** What the driver does by itself, by the type's oid. */
const usual = pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown;

/** Numbers while they are exact, digits beyond 2^53. */
function integer(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}

function integers(text: string): unknown {
  const items = usual(int8Array)(text);
  return Array.isArray(items)
    ? items.map((item) => (typeof item === "string" ? integer(item) : null))
    : items;
}

function parser(oid: number, format?: string): (text: string) => unknown {
  if (format === "binary") return usual(oid, format);
  if (oid === int8) return integer;
  return oid === int8Array ? integers : usual(oid, format);
}

/**
 * How column values become JavaScript: as `pg` does it (`numeric` stays a string, JSON is parsed, `bool` is a
 * boolean), but for `int8`, which `count(*)` answers too: a number where that is exact.
 */
export const types: pg.CustomTypesConfig = { getTypeParser: parser };
