import { oneLine } from "../report/error-text.ts";

/** A write that committed itself. */
export interface LoneWrite {
  /** Whose it was. */
  readonly name: string;
  readonly sql: string;
  /** Its COMMIT was a step of its own. */
  readonly isOpened: boolean;
}

/**
 * What is not tried of writes that commit themselves: one in a single step, beside another that asks first, may hold the
 * lock for which that one waits with an older snapshot (PostgreSQL manual, "Read Committed Isolation Level"). A sentence
 * for each such pair of two sessions.
 */
export function untriedOverlaps(writes: readonly LoneWrite[]): readonly string[] {
  return writes
    .filter(({ isOpened, sql }) => !isOpened && changesRows.test(sql))
    .flatMap((one) => {
      const other = writes.find((other) => other.isOpened && other.name !== one.name && meets(other, one));
      if (other === undefined) return [];
      return [
        `\`${oneLine(one.sql)}\` of ${one.name} is one step, beside \`${oneLine(other.sql)}\` of ${other.name}: that the latter waits for it with an older snapshot is not tried. Put them into transactions to have it tried.`,
      ];
    });
}

/** Whether the two may want to change the same row. */
function meets(asking: LoneWrite, one: LoneWrite): boolean {
  if (onlyAdds.test(asking.sql)) return false;
  const wanted = targets(asking.sql);
  const held = targets(one.sql);
  return wanted.length === 0 || held.length === 0 || held.some((table) => wanted.includes(table));
}

/** Names of the tables that a statement changes, without their schemas. */
function targets(sql: string): readonly string[] {
  return [...sql.matchAll(changed)].map(([, name = ""]) => (name.split(".").at(-1) ?? "").toLowerCase());
}

const changed = /\b(?:update|delete\s+from|insert\s+into|merge\s+into)\s+(?:only\s+)?([\w$".]+)/gi;

const changesRows = /\b(?:update|delete|merge)\b/i;

/** Waits for no row that another statement changes. */
const onlyAdds = /^\s*insert\b(?![^]*\bon\s+conflict\b)/i;
