import type { Answer } from "../instrument/call.ts";

/**
 * The answer to an UPDATE or DELETE that touched no row, told as if it had touched one: code that looks at the count
 * no longer sees that it came too late. Any other answer is as it is, also that of a statement which answers rows
 * (RETURNING): it would have touched a row that is not there.
 */
export function withoutRowCount(sql: string, answer: Answer): Answer {
  if (!/^\s*(?:update|delete)\b/i.test(sql) || answer.affected !== 0 || answer.rows.length > 0) return answer;
  const { raw } = answer;
  if (typeof raw !== "object" || raw === null) return answer;
  if ("rowCount" in raw && answersRows(raw)) return answer;
  if ("rowCount" in raw) return { ...answer, raw: Object.assign(copyOf(raw), { rowCount: 1 }) };
  const { rows } = raw as { readonly rows?: unknown };
  if (typeof rows !== "object" || rows === null || !("affectedRows" in rows)) return answer;
  return {
    ...answer,
    raw: { ...raw, rows: Object.assign(copyOf(rows), { affectedRows: 1, changedRows: 1 }) },
  };
}

/** A result of `pg` has the columns of its rows, be there none. */
function answersRows(raw: object): boolean {
  const { fields } = raw as { readonly fields?: unknown };
  return Array.isArray(fields) && fields.length > 0;
}

function copyOf(object: object): object {
  return Object.create(
    Object.getPrototypeOf(object) as object,
    Object.getOwnPropertyDescriptors(object),
  ) as object;
}
