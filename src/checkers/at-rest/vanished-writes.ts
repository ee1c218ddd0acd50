import { type History, mopKindCode, shapeCode, typeCode } from "../../history/history.ts";
import { readFrom, readTo } from "../infer/list/list-reads.ts";
import { noValue, rowValue } from "../infer/versioned/row-value.ts";
import { beforeAll, beganAt, type ClientOperations, clientOperations, endedAt } from "./client-operations.ts";
import { hasHiddenDeleter } from "./hidden-deleters.ts";
import { intervals } from "./intervals.ts";
import { type Shown, type ShownAtRest, shownAtRest } from "./shown-at-rest.ts";
import { notUnderstood, type WritesByKey, writesByKey } from "./writes-by-key.ts";
import { written, writtenKeys } from "./written-keys.ts";

/** The writes to keys that were read at rest, and which of them are not there. */
export interface VanishedWrites {
  readonly operations: ClientOperations;
  readonly rest: ShownAtRest;
  readonly writes: WritesByKey;
  /**
   * By write: 1 where a database that loses nothing would show something else if the write had ever been
   * committed. Never 1 for one that may be there, or may have been replaced.
   */
  readonly gone: Uint8Array;
  /** By write: 1 for an append to a list that does not show it at rest, be it gone or written over. */
  readonly unlisted: Uint8Array;
}

/**
 * Which writes were surely never committed, or else were lost by the database. It is asked of a database that
 * keeps what it commits, writes a row only while no other unfinished transaction has written it, and shows a
 * transaction either what was committed last before some moment after the transaction began, or something newer,
 * be it uncommitted. So it holds at every isolation level of one server; a replica may show older states.
 *
 * - **A set** (`add`): rows that nothing deletes. What the read at rest does not show is gone.
 * - **A list** (`append`): an application may read it, add to it and write it back over what others wrote
 *   meanwhile. Let e be absent from the list at rest, L, and suppose that its writer W committed at c. Each element
 *   of L was appended by somebody who had read the elements before it. The last of them was written after c, since
 *   W is not what was left; let X be the first of L's writers who wrote after c. What X read was written before
 *   W wrote, by the choice of X, and lacks e; from c on nobody who begins is shown that. So X began before W
 *   was over, and wrote after W began: they overlap. Where no writer of an element of L overlaps W, e is gone.
 *   Writers of any outcome count (an element that was read uncommitted stays in the list even where its writer
 *   failed), and one of unknown outcome has no end. A list with an element that nobody wrote is not judged.
 * - **A value** (`w`, `insert`, `delete`): what is there at rest was written by one of those that write this value,
 *   or by nobody, if it is nothing. If all of them were over before a writer began, what that one wrote would
 *   have replaced theirs, and is gone.
 *
 * Null where nothing was read at rest. Keys that are written in several ways, and values that are not understood,
 * are not judged. Linear, but for sorting the writers of a list; the answer is kept as long as the history.
 */
export function vanishedWrites(history: History): VanishedWrites | null {
  const known = answered.get(history);
  if (known !== undefined) return known;
  const answer = decide(history);
  answered.set(history, answer);
  return answer;
}

/** Several ask of one history. */
const answered = new WeakMap<History, VanishedWrites | null>();

function decide(history: History): VanishedWrites | null {
  const rest = shownAtRest(history);
  if (rest === null) return null;
  const operations = clientOperations(history);
  const kinds = writtenKeys(history, operations);
  const isRead = new Uint8Array(history.keys.length);
  for (const key of rest.byKey.keys()) isRead[key] = 1;
  const writes = writesByKey(history, operations, isRead);
  const judge = new Judge(history, operations, writes);
  for (const [key, shown] of rest.byKey) {
    if (kinds[key] === written.set) judge.set(key, shown);
    else if (kinds[key] === written.list) judge.list(key, shown);
    else if (kinds[key] === written.value) judge.value(key, shown);
  }
  return { operations, rest, writes, gone: judge.gone, unlisted: judge.unlisted };
}

class Judge {
  readonly gone: Uint8Array;
  readonly unlisted: Uint8Array;
  readonly #history: History;
  readonly #operations: ClientOperations;
  readonly #writes: WritesByKey;
  /** By position in values: one more than the key that was last seen to hold it, negative once a writer is known. */
  readonly #holder: Int32Array;
  #mayHideDeletions: boolean | null = null;

  constructor(history: History, operations: ClientOperations, writes: WritesByKey) {
    this.#history = history;
    this.#operations = operations;
    this.#writes = writes;
    this.gone = new Uint8Array(writes.row.length);
    this.unlisted = new Uint8Array(writes.row.length);
    this.#holder = new Int32Array(history.values.length);
  }

  set(key: number, shown: readonly Shown[]): void {
    const { mopKind, mopShape } = this.#history;
    const reads = shown.filter(
      ({ mop }) => mopKind[mop] === mopKindCode.rs && mopShape[mop] === shapeCode.list,
    );
    if (reads.length === 0) return;
    for (const { mop } of reads) this.#hold(key, mop);
    this.#eachWrite(key, (write, element) => {
      if (element !== notUnderstood && !this.#isHeld(key, element)) this.gone[write] = 1;
    });
  }

  list(key: number, shown: readonly Shown[]): void {
    const { mopKind, mopShape } = this.#history;
    const reads = shown.filter(({ mop }) => mopKind[mop] === mopKindCode.r);
    if (reads.length === 0 || reads.some(({ mop }) => mopShape[mop] === shapeCode.scalar)) return;
    let unexplained = 0;
    for (const { mop } of reads) unexplained += this.#hold(key, mop);
    const writers: (readonly [began: number, ended: number])[] = [];
    const absent: number[] = [];
    this.#eachWrite(key, (write, element, row) => {
      if (element === notUnderstood) unexplained = NaN;
      else if (!this.#isHeld(key, element)) absent.push(write);
      else {
        unexplained -= this.#explain(element);
        writers.push([beganAt(this.#history, row), endedAt(this.#history, row)]);
      }
    });
    if (unexplained !== 0) return;
    const others = intervals(writers);
    for (const write of absent) {
      this.unlisted[write] = 1;
      const row = this.#writes.row[write] ?? 0;
      if (!others.overlap(beganAt(this.#history, row), endedAt(this.#history, row))) this.gone[write] = 1;
    }
  }

  value(key: number, shown: readonly Shown[]): void {
    const reads = shown.filter(({ mop }) => this.#history.mopKind[mop] === mopKindCode.r);
    const values = new Set(
      reads.map(({ mop }) => rowValue(this.#history, mop, true)?.element ?? notUnderstood),
    );
    const [value = notUnderstood] = values;
    // Two reads at rest that disagree show no state.
    if (values.size !== 1 || value === notUnderstood) return;
    if (value === noValue && this.#hidesDeletions()) return;
    let explanations = value === noValue ? 1 : 0;
    let settled = beforeAll;
    let strange = 0;
    this.#eachWrite(key, (_, element, row) => {
      if (element === notUnderstood) strange++;
      if (element !== value || this.#history.type[row] === typeCode.fail) return;
      explanations++;
      settled = Math.max(settled, endedAt(this.#history, row));
    });
    if (explanations === 0 || strange > 0) return;
    this.#eachWrite(key, (write, element, row) => {
      if (element !== value && beganAt(this.#history, row) > settled) this.gone[write] = 1;
    });
  }

  #eachWrite(key: number, use: (write: number, element: number, row: number) => void): void {
    const { start, element, row } = this.#writes;
    for (let write = start[key] ?? 0; write < (start[key + 1] ?? 0); write++)
      use(write, element[write] ?? notUnderstood, row[write] ?? 0);
  }

  /** Notes what a read of a whole shows; answers how many elements no read of this key had shown. */
  #hold(key: number, mop: number): number {
    const { listItems } = this.#history;
    let fresh = 0;
    for (let item = readFrom(this.#history, mop); item < readTo(this.#history, mop); item++) {
      const element = listItems[item] ?? 0;
      if (this.#isHeld(key, element)) continue;
      this.#holder[element] = key + 1;
      fresh++;
    }
    return fresh;
  }

  #isHeld(key: number, element: number): boolean {
    return Math.abs(this.#holder[element] ?? 0) === key + 1;
  }

  /** 1 for the first writer of an element that is held. */
  #explain(element: number): number {
    const holder = this.#holder[element] ?? 0;
    this.#holder[element] = -Math.abs(holder);
    return holder > 0 ? 1 : 0;
  }

  #hidesDeletions(): boolean {
    this.#mayHideDeletions ??= hasHiddenDeleter(this.#history, this.#operations);
    return this.#mayHideDeletions;
  }
}
