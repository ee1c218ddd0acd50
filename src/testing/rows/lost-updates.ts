import type { ValueSource } from "./value-source.ts";
import { surelyDiffer } from "./compare-values.ts";
import type { RowLog } from "./row-log.ts";
import { objectName, type RowTable } from "./row-table.ts";
import type { RowAct, RowTransaction } from "./row-transaction.ts";
import { type RowVersion, versionValues } from "./row-versions.ts";

/** What the rows of an execution say of lost updates. */
export interface LostUpdates {
  /** A sentence for each pair of transactions of which one is proven to have lost the other's update. */
  readonly proven: readonly string[];
  /** A sentence for each case in which that cannot be told. */
  readonly doubts: readonly string[];
}

/**
 * Lost updates as a person means them (P4 of Berenson et al., "A Critique of ANSI SQL Isolation Levels", 1995, by column):
 * a transaction read a column, another one changed it and committed, and the first then wrote a value that does not come
 * from the row as it was by then. The last read of the column before the write counts. An expression over the row, as
 * in `n = n + 1`, loses nothing, nor does a value that stands in the statement and is there already, nor what is written on a condition on the
 * newest value of the column that decides it. What comes from a
 * parameter counts as computed; where both gave the same, only a number does. Times are left out:
 * they are reckoned from now. A write of another column loses nothing.
 */
export function lostUpdates(log: RowLog): LostUpdates {
  const proven = new Set<string>();
  const doubts = new Set<string>();
  for (const { type, transaction } of log.events) {
    if (type !== "end" || transaction.state !== "ok") continue;
    for (const [at, act] of transaction.did.entries()) {
      const table = act.type === "write" ? log.watchedTable(act.table) : undefined;
      if (act.type !== "write" || table === undefined || act.version.image === undefined) continue;
      const write: Write = {
        transaction,
        at,
        table,
        key: act.key,
        version: act.version,
        versions: log.versions(table.id, act.key),
      };
      const found = columnsOf(write).flatMap(([column, source]) => {
        const loss = lossOf(write, column, source);
        return loss === undefined ? [] : [loss];
      });
      const sure = found.filter(({ isSure }) => isSure);
      const [first] = sure;
      if (first !== undefined) proven.add(inWords(write, first, sure));
      else if (found[0] !== undefined) doubts.add(doubtInWords(write, found));
    }
  }
  return { proven: [...proven], doubts: [...doubts] };
}

/** A write of a row, and all states of that row. */
interface Write {
  readonly transaction: RowTransaction;
  /** Its place in what the transaction did. */
  readonly at: number;
  readonly table: RowTable;
  readonly key: string;
  readonly version: RowVersion;
  readonly versions: readonly RowVersion[];
}

/** A column of which a write overwrote what its transaction had not seen. */
interface Loss {
  readonly column: string;
  readonly read: RowVersion;
  readonly overwritten: RowVersion;
  readonly isSure: boolean;
}

function columnsOf({ table, version: { assigned } }: Write): readonly (readonly [string, ValueSource])[] {
  const all = [...table.columns.values()].map((column) => [column, "unknown"] as const);
  return (assigned === undefined ? all : [...assigned]).filter(([column]) => !table.key.includes(column));
}

function lossOf(write: Write, column: string, source: ValueSource): Loss | undefined {
  if (source === "newest" || source === "server") return undefined;
  const { version, versions, transaction } = write;
  const overwritten = versions.findLast(
    ({ number, by, until }) =>
      number < version.number && by !== transaction && by?.state === "ok" && until === Infinity,
  );
  const basis = basisOf(write, column);
  const [read] = basis?.versions ?? [];
  if (overwritten?.image === undefined || basis === undefined || read === undefined) return undefined;
  if (basis.versions.some(({ number, until }) => number >= overwritten.number || until !== Infinity))
    return undefined;
  const before = valueAt(versions, overwritten, column);
  const after = version.image?.get(column);
  if ([before.value, after, basis.value].some(isTime)) return undefined;
  const isChanged = !basis.wasThere || surelyDiffer(basis.value, before.value);
  if (before.isKnown && !isChanged) return undefined;
  if (source === "guarded" && !isReckoned(basis.value, after)) return undefined;
  const isProven = source !== "unknown" && source !== "guarded";
  const isSure = !basis.isBlurred && isProven && !hasSeen(write, column, overwritten);
  const loss = { column, read, overwritten: changerOf(write, overwritten, read, column), isSure };
  if (after === undefined || !before.isKnown) return { ...loss, isSure: false };
  if (surelyDiffer(before.value, after)) return loss;
  if (source === "literal" || source === "unknown") return undefined;
  return {
    ...loss,
    isSure: isSure && source !== "text" && !write.table.flags.has(column) && isReckoned(basis.value, after),
  };
}

/** Whether a transaction had seen a column in a state or a later one, and then again in an older one, as snapshots show it. */
function hasSeen({ transaction, at, key, table }: Write, column: string, { number }: RowVersion): boolean {
  return transaction.did.slice(0, at).some((act) => {
    if (act.table !== table.id || !isReadOf(act, key) || act.shows?.has(column) === false) return false;
    return act.versions.some((version) => version.number >= number);
  });
}

/** What a transaction last saw of a column before a write. */
interface Basis {
  readonly versions: readonly RowVersion[];
  readonly value: unknown;
  readonly wasThere: boolean;
  /** After it the transaction saw something of the table that cannot be told. */
  readonly isBlurred: boolean;
}

function basisOf({ transaction, at, table, key }: Write, column: string): Basis | undefined {
  let isBlurred = false;
  for (const act of transaction.did.slice(0, at).reverse()) {
    if (act.table !== table.id) continue;
    if (act.type === "glimpse") isBlurred = true;
    if (!isReadOf(act, key)) continue;
    const { shows, versions } = act;
    if (shows === undefined || shows.has(column))
      return { versions, value: shows?.get(column), wasThere: shows !== undefined, isBlurred };
  }
  return undefined;
}

function isReadOf(act: RowAct, key: string): act is RowAct & { readonly type: "read" } {
  return act.type === "read" && act.key === key;
}

/** A column in a state of the row; a statement may have answered of the row less than that. */
function valueAt(
  versions: readonly RowVersion[],
  { number }: RowVersion,
  column: string,
): { readonly value: unknown; readonly isKnown: boolean } {
  for (const { image, assigned, until } of versions.slice(0, number + 1).reverse()) {
    if (until !== Infinity) continue;
    if (image?.has(column) === true) return { value: image.get(column), isKnown: true };
    if (assigned === undefined || assigned.has(column)) break;
  }
  return { value: undefined, isKnown: false };
}

/** The state in which another transaction last changed a column. */
function changerOf(
  { versions, transaction }: Write,
  overwritten: RowVersion,
  read: RowVersion,
  column: string,
): RowVersion {
  const between = versions.filter(
    ({ number, until }) => number >= read.number && number <= overwritten.number && until === Infinity,
  );
  const changer = between.findLast((one, i) => {
    const before = between[i - 1];
    if (before === undefined || one.by === transaction || one.image === undefined) return false;
    const [was, is] = [valueAt(versions, before, column).value, valueAt(versions, one, column).value];
    return before.image === undefined || surelyDiffer(was, is);
  });
  return changer ?? overwritten;
}

/**
 * Whether a value is reckoned from what was read: a number from another one, or in an object a number in its place. Of a
 * text or a truth value it is not known whether it was computed.
 */
function isReckoned(before: unknown, after: unknown): boolean {
  if (isNumeric(before) && isNumeric(after)) return surelyDiffer(before, after);
  if (!isObject(before) || !isObject(after)) return false;
  return Object.entries(after).some(([name, value]) => isReckoned(before[name], value));
}

function isNumeric(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "" && !Number.isNaN(Number(value));
  return typeof value === "number" || typeof value === "bigint";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A time, or a number of seconds or milliseconds of about these years. */
function isTime(value: unknown): boolean {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value)) return true;
  const number = typeof value === "string" || typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number") return value instanceof Date;
  return (number > 1.6e9 && number < 2.2e9) || (number > 1.6e12 && number < 2.2e12);
}

function inWords(write: Write, { read, overwritten }: Loss, losses: readonly Loss[]): string {
  const { table, key, transaction, version } = write;
  const told = (one: RowVersion): string => {
    const values = versionValues(one, table.key);
    return `version ${one.number}${values === "" ? "" : ` (${values})`}`;
  };
  const name = nameOf(transaction);
  return (
    `lost-update: ${name} read ${objectName(table, key)} as ${told(read)}; ` +
    `${nameOf(overwritten.by)} then wrote ${told(overwritten)} and committed; ` +
    `${name} wrote ${listed(losses)} over it, as ${told(version)}, without having seen it.`
  );
}

function doubtInWords({ table, key, transaction }: Write, losses: readonly Loss[]): string {
  const [loss] = losses;
  return (
    `Whether ${nameOf(transaction)} lost an update is not known: after it had read ${objectName(table, key)}, ` +
    `${nameOf(loss?.overwritten.by)} changed it, and what it then wrote of ${listed(losses)} may come from the older state ` +
    `or not. Judge that by an invariant, or lock the row when it is read.`
  );
}

function nameOf(transaction: RowTransaction | undefined): string {
  return transaction?.f ?? "the set-up";
}

function listed(losses: readonly Loss[]): string {
  return losses.map(({ column }) => column).join(" and ");
}
