import type { RowLog } from "./row-log.ts";
import { rowsOf } from "./shown-to-rows.ts";
import type { AnsweredStatement } from "./watched-statement.ts";

/** Records which rows a statement wrote, as the rows that it returned tell it (PostgreSQL). */
export function recordReturned({ statement, shown }: AnsweredStatement, log: RowLog, step: number): void {
  const { transaction, effect, target: table, assigned, asked } = statement;
  if (table === undefined || table.refused !== undefined) return;
  if (effect.type !== "write" || effect.write === undefined) return;
  const rows = shown === undefined ? undefined : rowsOf(table, shown);
  if (rows === undefined || rows.length !== shown?.rows.length) {
    log.leaveOut(table.id, "a statement returns rows without their keys");
    return;
  }
  const { command } = effect.write;
  for (const { key, seen } of rows) {
    if (command !== "insert" && !log.isThere(table, key))
      log.leaveOut(table.id, "a row was written that was not known to be there");
    log.write(table, key, command === "delete" ? undefined : seen, transaction, step, assigned);
    if (!asked) log.returned(table, key, command === "delete" ? undefined : seen, transaction);
  }
  if (!asked && shown.columns.some(({ of }) => of === undefined)) log.glimpse(table, transaction);
}
