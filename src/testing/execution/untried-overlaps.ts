import type { Footprint } from "../../scheduler/point.ts";
import { oneLine } from "../report/error-text.ts";

/** A write that committed itself. */
export interface LoneWrite {
  /** Whose it was. */
  readonly name: string;
  readonly sql: string;
  /** Its COMMIT was a step of its own. */
  readonly isOpened: boolean;
  readonly footprint: Footprint;
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

function meets(asking: LoneWrite, { footprint }: LoneWrite): boolean {
  if (onlyAdds.test(asking.sql)) return false;
  const { tables } = asking.footprint;
  if (tables === "all" || footprint.tables === "all") return true;
  return footprint.tables.some((table) => tables.includes(table));
}

const changesRows = /\b(?:update|delete|merge)\b/i;

/** Waits for no row that another statement changes. */
const onlyAdds = /^\s*insert\b(?![^]*\bon\s+conflict\b)/i;
