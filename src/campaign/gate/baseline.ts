import { EnvironmentError } from "../../clients/database-error.ts";

/** What a cell of the matrix is held to. */
export interface BaselineCell {
  /** Anomalies that the interleaved search has shown and must go on showing; sorted. */
  readonly expected: readonly string[];
  /** Others that may show; sorted. */
  readonly allowed: readonly string[];
}

/** The committed baseline: what each cell is held to, by the cell's name. */
export interface Baseline {
  readonly isolab: 1;
  /** The server's version when it was written, by target: another one may behave otherwise. */
  readonly versions: Readonly<Record<string, string>>;
  readonly cells: Readonly<Record<string, BaselineCell>>;
}

/** What a cell has shown. */
export interface Shown {
  /** In the interleaved search. */
  readonly searched: readonly string[];
  /** In the free-running execution: what the level or the workload's invariants forbid. */
  readonly freely: readonly string[];
}

/** A file that is read by people: names sorted, one cell on a line or a few. */
export function encodeBaseline({ versions, cells }: Baseline): string {
  const sorted = <T>(entries: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ isolab: 1, versions: sorted(versions), cells: sorted(cells) }, null, 2)}\n`;
}

/** @throws EnvironmentError when the text is no baseline @param path for the message */
export function decodeBaseline(text: string, path: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noBaseline(path, "it is no JSON");
  }
  if (!isRecord(value) || value.isolab !== 1) throw noBaseline(path, 'it does not say "isolab": 1');
  const { versions, cells } = value;
  if (!isRecord(versions) || !Object.values(versions).every((version) => typeof version === "string"))
    throw noBaseline(path, "its versions are no texts");
  if (!isRecord(cells)) throw noBaseline(path, "it has no cells");
  const broken = Object.entries(cells).find(([, cell]) => !isCell(cell));
  if (broken !== undefined)
    throw noBaseline(path, `its cell "${broken[0]}" has no lists expected and allowed`);
  return { isolab: 1, versions, cells } as unknown as Baseline;
}

/** The cell that allows what was shown, and what was allowed before. */
export function updatedCell(before: BaselineCell | undefined, { searched, freely }: Shown): BaselineCell {
  const expected = sortedUnique(searched);
  const others = [...freely, ...(before?.allowed ?? []), ...(before?.expected ?? [])];
  return { expected, allowed: sortedUnique(others).filter((name) => !expected.includes(name)) };
}

/** A line for each cell that differs, for people. */
export function baselineChanges(before: Baseline | undefined, after: Baseline): readonly string[] {
  const names = [...new Set([...Object.keys(before?.cells ?? {}), ...Object.keys(after.cells)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before?.cells[name], after.cells[name]];
    if (old === undefined) return [`+ ${name}: ${cellText(now)}`];
    if (now === undefined) return [`- ${name}: ${cellText(old)}`];
    return cellText(old) === cellText(now) ? [] : [`~ ${name}: ${cellText(old)} → ${cellText(now)}`];
  });
}

function cellText(cell: BaselineCell | undefined): string {
  if (cell === undefined || cell.expected.length + cell.allowed.length === 0) return "nothing";
  const allowed = cell.allowed.length === 0 ? "" : ` (allowed: ${cell.allowed.join(", ")})`;
  return `${cell.expected.join(", ") || "nothing expected"}${allowed}`;
}

function sortedUnique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCell(value: unknown): boolean {
  const isList = (list: unknown): boolean =>
    Array.isArray(list) && list.every((name) => typeof name === "string");
  return isRecord(value) && isList(value.expected) && isList(value.allowed);
}

function noBaseline(path: string, why: string): EnvironmentError {
  return new EnvironmentError(`${path} is no baseline (${why}): write one with isolab gate --update`);
}
