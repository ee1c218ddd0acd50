import type { KnownRows } from "./known-rows.ts";
import { readTableNow } from "./read-table.ts";
import { objectName, reachedFrom, type RowTable, type RowTables } from "./row-table.ts";
import type { RowTransaction } from "./row-transaction.ts";
import { namesIn } from "./statement-effect.ts";
import { recordUnchanged } from "./unchanged-row.ts";
import type { AnsweredStatement, WatchedStatement } from "./watched-statement.ts";

/** What happened in one step. */
export interface StepEvents {
  /** Its number. */
  readonly step: number;
  readonly answered: readonly AnsweredStatement[];
  /** Statements that have not come back. */
  readonly underWay: readonly WatchedStatement[];
  readonly ended: readonly RowTransaction[];
}

/** Records which rows were written in a step, as the tables tell it after it (MySQL). */
export async function recordStep(events: StepEvents, known: KnownRows): Promise<void> {
  if (known.log.isEmpty) return;
  await recordChanges(events, known);
  for (const answer of events.answered) recordUnchanged(answer, known, events.step);
}

/** What has changed in the tables, and who changed it. */
async function recordChanges(events: StepEvents, { query, tables, log }: KnownRows): Promise<void> {
  const writers = writersIn(events);
  const failed = events.ended.filter(({ state }) => state === "fail");
  const changing = mayHaveChanged(tables, writers, failed);
  for (const table of log.watched().filter(changing)) {
    const found = await readTableNow(query, table);
    if (typeof found === "string") {
      log.leaveOut(table.id, found);
      continue;
    }
    const changes = log.changes(table, found);
    if (changes.length === 0) continue;
    const [writer, another] = writers;
    if (writer === undefined || another !== undefined) {
      log.leaveOut(table.id, "it is not known which of several statements wrote it");
      continue;
    }
    for (const { key, image } of changes) {
      log.write(table, key, image, writer.transaction, events.step, writer.assigned);
      writer.objects.add(objectName(table, key));
    }
    writer.wrote.add(table.id);
  }
}

/** Statements that may have written in the step: what came back, and what waits after it was let go on. */
function writersIn({ step, answered, underWay, ended }: StepEvents): readonly WatchedStatement[] {
  return [
    ...answered.map(({ statement }) => statement).filter(({ transaction }) => transaction.state !== "fail"),
    ...underWay.filter(({ sent }) => sent === step || ended.length > 0),
  ].filter(({ effect }) => effect.type === "write");
}

/** Which tables these statements, and the undoing of these transactions, may have changed. */
function mayHaveChanged(
  { tables, functions, views }: RowTables,
  writers: readonly WatchedStatement[],
  failed: readonly RowTransaction[],
): (table: RowTable) => boolean {
  const runCode = functions.size > 0 || tables.some(({ runsCode }) => runsCode);
  const named = new Set(
    writers.flatMap(({ effect }) => ("tokens" in effect ? [...namesIn(effect.tokens)] : [])),
  );
  if ((writers.length > 0 && runCode) || [...named].some((name) => views.has(name))) return () => true;
  const written = tables.filter(({ name }) => named.has(name.toLowerCase()));
  const reached = new Set(written.flatMap((table) => reachedFrom({ tables, functions, views }, table)));
  const undone = new Set(failed.flatMap(({ wrote }) => [...wrote]));
  return (table) => reached.has(table) || undone.has(table.id);
}
