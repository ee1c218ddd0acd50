import type { KnownRows } from "./known-rows.ts";
import { onlyTableNamed, reachedFrom, type RowTable } from "./row-table.ts";
import type { WriteStatement } from "./write-statement.ts";

/** The table that a statement writes; tables that it may write besides are left out. */
export function writtenTable(write: WriteStatement, { tables, log }: KnownRows): RowTable | undefined {
  const target = onlyTableNamed(tables, write.table);
  if (target === undefined) {
    log.leaveOutAll(`it is not known which table ${write.table} is`);
    return undefined;
  }
  const reached = write.replaces ? reachedFrom(tables, target) : [target];
  for (const table of reached) {
    if (table.runsCode) log.leaveOutAll(`a trigger, a rule or a default of ${table.name} may write anything`);
    if (table !== target || (write.replaces && table.cascades.includes(table.id)))
      log.leaveOut(table.id, `a foreign key may change it when ${target.name} is written`);
  }
  if (target.key.some((column) => write.sets.has(column) || write.sets.has(column.toLowerCase())))
    log.leaveOut(target.id, "a statement may change its keys");
  return target;
}
