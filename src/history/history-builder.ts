import { Column } from "./column.ts";
import type { Header } from "./header.ts";
import { type History, mopKindCode, shapeCode, typeCode } from "./history.ts";
import { Interner } from "./interner.ts";
import { isMopList } from "./mop-list.ts";
import type { Json, Operation, Process } from "./operation.ts";
import { Pairing } from "./pairing.ts";

/** Collects operations into a columnar {@link History}; see {@link historyBuilder}. */
export interface HistoryBuilder {
  /**
   * Appends one operation, which is not kept as an object. Operations are trusted to be well-formed
   * (validate.ts); a completion is paired with the open invocation of its process.
   * @throws HistoryError for keys and values that are no JSON or no exact numbers.
   */
  readonly add: (operation: Operation) => void;
  /** The history so far, as a copy: more may be added and built again. Linear. */
  readonly build: () => History;
}

/** A builder for a history of ours (with a header) or of others (null). Memory is linear in the text. */
export function historyBuilder(header: Header | null): HistoryBuilder {
  const columns = new Columns();
  return {
    add: (operation) => {
      columns.add(operation);
    },
    build: () => columns.build(header),
  };
}

const float64 = (capacity: number): Float64Array => new Float64Array(capacity);
const int32 = (capacity: number): Int32Array => new Int32Array(capacity);
const uint32 = (capacity: number): Uint32Array => new Uint32Array(capacity);
const uint8 = (capacity: number): Uint8Array => new Uint8Array(capacity);

class Columns {
  readonly #pairing = new Pairing();
  readonly #keys = new Interner();
  readonly #values = new Interner();
  readonly #functions = new Names();
  readonly #processNames = new Names();

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
  readonly #listStart = new Column(uint32);
  readonly #listItems = new Column(uint32);

  readonly #otherKinds = new Map<number, string>();
  readonly #otherValues = new Map<number, Json>();
  readonly #data = new Map<number, Json>();
  readonly #error = new Map<number, Json>();

  add(operation: Operation): void {
    const row = this.#index.length;
    const process = this.#processCode(operation.process);
    const type = typeCode[operation.type];
    this.#index.push(operation.index);
    this.#time.push(operation.time);
    this.#process.push(process);
    this.#type.push(type);
    this.#f.push(this.#functions.number(operation.f));

    const pair = this.#pairing.add(row, process, type);
    this.#pair.push(pair);
    if (pair >= 0) this.#pair.set(pair, row);

    this.#mopStart.push(this.#mopKind.length);
    if (isMopList(operation.value)) for (const mop of operation.value) this.#addMop(mop);
    else this.#otherValues.set(row, operation.value);
    if (operation.data !== undefined) this.#data.set(row, operation.data);
    if (operation.error !== undefined) this.#error.set(row, operation.error as Json);
  }

  build(header: Header | null): History {
    const mopStart = new Uint32Array(this.#index.length + 1);
    mopStart.set(this.#mopStart.toArray());
    mopStart[this.#index.length] = this.#mopKind.length;
    const listStart = new Uint32Array(this.#listStart.length + 1);
    listStart.set(this.#listStart.toArray());
    listStart[this.#listStart.length] = this.#listItems.length;
    return {
      header,
      length: this.#index.length,
      index: this.#index.toArray(),
      time: this.#time.toArray(),
      process: this.#process.toArray(),
      processNames: this.#processNames.names.slice(),
      type: this.#type.toArray(),
      f: this.#f.toArray(),
      functions: this.#functions.names.slice(),
      pair: this.#pair.toArray(),
      mopStart,
      mopKind: this.#mopKind.toArray(),
      otherKinds: new Map(this.#otherKinds),
      mopKey: this.#mopKey.toArray(),
      keys: this.#keys.values.slice(),
      mopShape: this.#mopShape.toArray(),
      mopValue: this.#mopValue.toArray(),
      values: this.#values.values.slice(),
      listStart,
      listItems: this.#listItems.toArray(),
      otherValues: new Map(this.#otherValues),
      data: new Map(this.#data),
      error: new Map(this.#error),
    };
  }

  #processCode(process: Process): number {
    return typeof process === "number" ? process : -1 - this.#processNames.number(process);
  }

  #addMop([kind, key, value = null]: readonly [kind: string, key: Json, value?: Json]): void {
    const code = Object.hasOwn(mopKindCode, kind)
      ? mopKindCode[kind as keyof typeof mopKindCode]
      : mopKindCode.other;
    if (code === mopKindCode.other) this.#otherKinds.set(this.#mopKind.length, kind);
    this.#mopKind.push(code);
    this.#mopKey.push(this.#keys.intern(key));
    if (value === null) {
      this.#mopShape.push(shapeCode.none);
      this.#mopValue.push(0);
    } else if (Array.isArray(value)) {
      this.#mopShape.push(shapeCode.list);
      this.#mopValue.push(this.#listStart.length);
      this.#listStart.push(this.#listItems.length);
      for (const item of value as readonly Json[]) this.#listItems.push(this.#values.intern(item));
    } else {
      this.#mopShape.push(shapeCode.scalar);
      this.#mopValue.push(this.#values.intern(value));
    }
  }
}

/** Names, numbered from 0 in order of first appearance. */
class Names {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}
