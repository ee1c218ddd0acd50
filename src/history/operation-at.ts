import { type History, mopKindCode, shapeCode, typeCode } from "./history.ts";
import type { Json, Mop, Operation, OperationType, Process } from "./operation.ts";

/**
 * The operation of one row as an object again, equal to what was added. For showing and writing; not
 * for hot paths.
 * @throws RangeError when there is no such row.
 */
export function operationAt(history: History, row: number): Operation {
  const data = history.data.get(row);
  const error = history.error.get(row);
  return {
    index: at(history.index, row),
    time: at(history.time, row),
    process: processAt(history, row),
    type: typeAt(history, row),
    f: at(history.functions, at(history.f, row)),
    value: valueAt(history, row),
    ...(data === undefined ? {} : { data }),
    ...(error === undefined ? {} : { error }),
  };
}

/** The process of a row: its number or its name. */
export function processAt(history: History, row: number): Process {
  const code = at(history.process, row);
  return code >= 0 ? code : at(history.processNames, -1 - code);
}

const types = Object.keys(typeCode) as OperationType[];

/** The type of a row. */
export function typeAt(history: History, row: number): OperationType {
  return at(types, at(history.type, row));
}

/** The `value` field of a row. */
export function valueAt(history: History, row: number): readonly Mop[] | Json {
  const other = history.otherValues.get(row);
  if (other !== undefined) return other;
  const mops: Mop[] = [];
  const end = at(history.mopStart, row + 1);
  for (let mop = at(history.mopStart, row); mop < end; mop++) mops.push(mopAt(history, mop));
  return mops;
}

const kinds = Object.keys(mopKindCode);

/** One micro-operation, by its row in the mop columns. */
export function mopAt(history: History, mop: number): Mop {
  const kind = history.otherKinds.get(mop) ?? at(kinds, at(history.mopKind, mop));
  return [kind, mopKeyAt(history, mop), mopValueAt(history, mop)];
}

/** The key of a micro-operation. */
export function mopKeyAt(history: History, mop: number): Json {
  return at(history.keys, at(history.mopKey, mop));
}

/** The value of a micro-operation: null, a scalar, or a list. */
export function mopValueAt(history: History, mop: number): Json {
  const shape = at(history.mopShape, mop);
  if (shape === shapeCode.none) return null;
  const position = at(history.mopValue, mop);
  return shape === shapeCode.list ? listAt(history, position) : at(history.values, position);
}

/** The elements of a list, by its position in {@link History.listFrom}. */
export function listAt(history: History, list: number): Json[] {
  const items: Json[] = [];
  const end = at(history.listTo, list);
  for (let item = at(history.listFrom, list); item < end; item++) {
    items.push(at(history.values, at(history.listItems, item)));
  }
  return items;
}

function at<T>(column: { readonly [position: number]: T; readonly length: number }, position: number): T {
  if (position < 0 || position >= column.length)
    throw new RangeError(`no row ${position} of ${column.length}`);
  return column[position] as T;
}
