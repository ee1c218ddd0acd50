import { Column, float64, int32, uint32, uint8 } from "./column.ts";
import type { Header } from "./header.ts";
import { type Beginning, type History, mopKindCode, shapeCode, typeCode } from "./history.ts";
import { Interner } from "./interner.ts";
import { ListStore } from "./list-store.ts";
import { isMopList } from "./mop-list.ts";
import { Names } from "./names.ts";
import type { Json, Mop, Operation, Process } from "./operation.ts";
import { ProcessTable } from "./process-table.ts";

/** The columns of a {@link History} while they grow. Operations are trusted to be well-formed (validate.ts). */
export class HistoryColumns {
  readonly processes: ProcessTable = new ProcessTable();
  readonly processNames: Names = new Names();
  readonly functions: Names = new Names();
  readonly keys: Interner = new Interner();
  readonly values: Interner = new Interner();
  readonly lists: ListStore = new ListStore();

  readonly #index = new Column(float64);
  readonly #time = new Column(float64);
  readonly #process = new Column(int32);
  readonly #type = new Column(uint8);
  readonly #f = new Column(uint32);
  readonly #pair = new Column(int32);

  readonly #mopStart = new Column(uint32);
  readonly #mopKind = new Column(uint8);
  readonly #mopKey = new Column(uint32);
  readonly #mopShape = new Column(uint8);
  readonly #mopValue = new Column(uint32);
  readonly #listFrom = new Column(uint32);
  readonly #listTo = new Column(uint32);

  readonly #otherKinds = new Map<number, string>();
  readonly #otherValues = new Map<number, Json>();
  readonly #data = new Map<number, Json>();
  readonly #error = new Map<number, Json>();
  #items: Uint32Array = new Uint32Array(64);

  /** Adds one operation. */
  add(operation: Operation): void {
    const { index, time, value, data, error } = operation;
    const process = this.processCode(operation.process);
    this.addRow(index, time, process, typeCode[operation.type], this.functions.number(operation.f));
    if (isMopList(value)) for (const mop of value) this.#addMop(mop);
    else this.setOtherValue(value);
    if (data !== undefined) this.setData(data);
    if (error !== undefined) this.setError(error as Json);
  }

  processCode(process: Process): number {
    return typeof process === "number" ? process : -1 - this.processNames.number(process);
  }

  /** Begins a row; the rest of the operation is added to the last one. Arguments as in {@link History}. */
  addRow(index: number, time: number, process: number, type: number, f: number): void {
    const row = this.#index.length;
    this.#index.push(index);
    this.#time.push(time);
    this.#process.push(process);
    this.#type.push(type);
    this.#f.push(f);
    const pair = this.processes.add(row, index, this.processes.slot(process), type, f);
    this.#pair.push(pair);
    if (pair >= 0) this.#pair.set(pair, row);
    this.#mopStart.push(this.#mopKind.length);
  }

  setOtherValue(value: Json): void {
    this.#otherValues.set(this.#index.length - 1, value);
  }

  setData(data: Json): void {
    this.#data.set(this.#index.length - 1, data);
  }

  setError(error: Json): void {
    this.#error.set(this.#index.length - 1, error);
  }

  /** Adds a micro-operation without a list; `value` is 0 or the number of an interned scalar. */
  addMop(kind: number, key: number, shape: number, value: number): void {
    this.#mopKind.push(kind);
    this.#mopKey.push(key);
    this.#mopShape.push(shape);
    this.#mopValue.push(value);
  }

  /** Adds a micro-operation with a list, which the {@link lists} hold. */
  addListMop(kind: number, key: number, from: number, to: number): void {
    this.addMop(kind, key, shapeCode.list, this.#listFrom.length);
    this.#listFrom.push(from);
    this.#listTo.push(to);
  }

  /**
   * The history so far. Columns are not copied but for `pair`, the only one that later operations
   * change; `spent` says that there will be none, and saves the copies of the rest.
   */
  build(header: Header | null, beginning: Beginning, spent: boolean): History {
    const mopStart = new Uint32Array(this.#index.length + 1);
    mopStart.set(this.#mopStart.view());
    mopStart[this.#index.length] = this.#mopKind.length;
    const keep = <T>(items: readonly T[]): readonly T[] => (spent ? items : items.slice());
    const keepMap = <T>(map: ReadonlyMap<number, T>): ReadonlyMap<number, T> => (spent ? map : new Map(map));
    return {
      header,
      beginning,
      length: this.#index.length,
      index: this.#index.view(),
      time: this.#time.view(),
      process: this.#process.view(),
      processNames: keep(this.processNames.names),
      type: this.#type.view(),
      f: this.#f.view(),
      functions: keep(this.functions.names),
      pair: spent ? this.#pair.view() : this.#pair.view().slice(),
      mopStart,
      mopKind: this.#mopKind.view(),
      otherKinds: keepMap(this.#otherKinds),
      mopKey: this.#mopKey.view(),
      keys: keep(this.keys.values),
      mopShape: this.#mopShape.view(),
      mopValue: this.#mopValue.view(),
      values: keep(this.values.values),
      listFrom: this.#listFrom.view(),
      listTo: this.#listTo.view(),
      listItems: this.lists.view(),
      otherValues: keepMap(this.#otherValues),
      data: keepMap(this.#data),
      error: keepMap(this.#error),
    };
  }

  #addMop([kind, key, value = null]: readonly [kind: string, key: Json, value?: Json] | Mop): void {
    const code = Object.hasOwn(mopKindCode, kind)
      ? mopKindCode[kind as keyof typeof mopKindCode]
      : mopKindCode.other;
    if (code === mopKindCode.other) this.#otherKinds.set(this.#mopKind.length, kind);
    const keyNumber = this.keys.intern(key);
    if (value === null) this.addMop(code, keyNumber, shapeCode.none, 0);
    else if (Array.isArray(value)) this.#addList(code, keyNumber, value as readonly Json[]);
    else this.addMop(code, keyNumber, shapeCode.scalar, this.values.intern(value));
  }

  #addList(kind: number, key: number, list: readonly Json[]): void {
    if (list.length > this.#items.length) this.#items = new Uint32Array(2 * list.length);
    for (let i = 0; i < list.length; i++) this.#items[i] = this.values.intern(list[i] ?? null);
    const from = this.lists.add(key, 0, this.#items, 0, list.length);
    this.addListMop(kind, key, from, from + list.length);
  }
}
