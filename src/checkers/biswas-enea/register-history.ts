import { mopKindCode, shapeCode } from "../../history/history.ts";
import { IntColumn } from "../graph/int-column.ts";
import { type ElementTable, elementTable, none, writerState } from "../infer/element-table.ts";
import type { Findings } from "../infer/finding.ts";
import { mopRow, type Transactions } from "../infer/transactions.ts";
import { judgeUnwritten, type Unwritten } from "../infer/unwritten.ts";
import { type Sessions, sessions } from "./sessions.ts";

/** The writer of every key's initial version: it comes before all transactions and is no node. */
export const initial = -1;

/**
 * A history as Biswas and Enea see it (2019, section 2): transactions that committed, their external
 * reads with the transactions they read from, their last writes, and session order. In columns.
 */
export interface RegisterHistory {
  readonly transactions: Transactions;
  readonly sessions: Sessions;
  /** Node t's external reads are entries `readStart[t]` to `readStart[t + 1]` (exclusive), in program order. */
  readonly readStart: Uint32Array;
  readonly readKey: Int32Array;
  /** The node that wrote the value, or {@link initial}. */
  readonly readWriter: Int32Array;
  /** Node t wrote the keys `writeKey[writeStart[t]]` to `writeKey[writeStart[t + 1]]` (exclusive), each once. */
  readonly writeStart: Uint32Array;
  readonly writeKey: Int32Array;
  /** Why the history cannot be judged, or not in full; one sentence each. */
  readonly doubts: readonly string[];
  /** What was taken for granted, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads the registers of a history: `["w", k, v]` with values unique per key, `["r", k, v]`, null for
 * the initial version. A transaction of unknown outcome committed if a committed read saw one of its
 * last writes; its own reads are not known. Reads that nothing explains become findings: `G1a`, `G1b`,
 * `internal` (of the transaction's own write), `future-read`, and `garbage-read` where the run began
 * empty; elsewhere a read of a value that nobody wrote proves nothing and is left out. Linear.
 */
export function registerHistory(transactions: Transactions, findings: Findings): RegisterHistory {
  const writes = elementTable(transactions, mopKindCode.w);
  const reader = new Reader(transactions, writes, findings);
  const readStart = new Uint32Array(transactions.count + 1);
  const known = writes.problems.length === 0;
  for (let node = 0; node < transactions.count; node++) {
    if (known && transactions.committed[node] === 1) reader.read(node);
    readStart[node + 1] = reader.key.length;
  }
  const { history } = transactions;
  const { problems, notes } = judgeUnwritten(history, history.beginning, reader.unwritten);
  return {
    transactions,
    sessions: sessions(transactions),
    readStart,
    readKey: reader.key.view(),
    readWriter: reader.writer.view(),
    ...lastWrites(transactions, reader.seen),
    doubts: [...writes.problems, ...problems],
    notes,
  };
}

/** Traces the reads of one transaction after the other. */
class Reader {
  readonly key = new IntColumn();
  readonly writer = new IntColumn();
  /** 1 for nodes that a committed read saw. */
  readonly seen: Uint8Array;
  /** The first read of a value that nobody wrote. */
  unwritten: Unwritten | null = null;
  readonly #transactions: Transactions;
  readonly #writes: ElementTable;
  readonly #findings: Findings;
  /** By key: the last node that wrote it, plus one, and the value it wrote. */
  readonly #ownNode: Int32Array;
  readonly #ownValue: Int32Array;

  constructor(transactions: Transactions, writes: ElementTable, findings: Findings) {
    this.#transactions = transactions;
    this.#writes = writes;
    this.#findings = findings;
    this.seen = new Uint8Array(transactions.count);
    this.#ownNode = new Int32Array(transactions.history.keys.length);
    this.#ownValue = new Int32Array(transactions.history.keys.length);
  }

  read(node: number): void {
    const { history, row } = this.#transactions;
    const at = row[node] ?? 0;
    const end = history.mopStart[at + 1] ?? 0;
    for (let mop = history.mopStart[at] ?? 0; mop < end; mop++) {
      const key = history.mopKey[mop] ?? 0;
      const value = history.mopShape[mop] === shapeCode.none ? initial : (history.mopValue[mop] ?? 0);
      if (history.mopKind[mop] === mopKindCode.w) {
        this.#ownNode[key] = node + 1;
        this.#ownValue[key] = value;
      } else if (this.#ownNode[key] !== node + 1) this.#external(at, key, value);
      else if (this.#ownValue[key] !== value) this.#findings.add("internal", [at], key);
    }
  }

  #external(at: number, key: number, value: number): void {
    if (value === initial) {
      this.#add(key, initial);
      return;
    }
    const write = this.#writes.find(key, value);
    if (write === none) {
      this.#unwritten(at, key, value);
      return;
    }
    const from = this.#writes.row[write] ?? 0;
    if (from === at) this.#findings.add("future-read", [at], key, value);
    else if (this.#writes.state[write] === writerState.failed)
      this.#findings.add("G1a", [at, from], key, value);
    else if (this.#writes.next[write] !== none) this.#findings.add("G1b", [at, from], key, value);
    else {
      const writer = this.#transactions.node[from] ?? 0;
      this.seen[writer] = 1;
      this.#add(key, writer);
    }
  }

  #add(key: number, writer: number): void {
    this.key.push(key);
    this.writer.push(writer);
  }

  #unwritten(row: number, key: number, element: number): void {
    this.unwritten ??= { row, key, element };
    if (this.#transactions.history.beginning === "empty")
      this.#findings.add("garbage-read", [row], key, element);
  }
}

/** The keys that each transaction that committed wrote. */
function lastWrites(
  transactions: Transactions,
  seen: Uint8Array,
): Pick<RegisterHistory, "writeStart" | "writeKey"> {
  const { history, count, row, committed } = transactions;
  const writeKey = new IntColumn(count);
  const writeStart = new Uint32Array(count + 1);
  const writer = new Int32Array(history.keys.length).fill(initial);
  for (let node = 0; node < count; node++) {
    if (committed[node] === 1 || seen[node] === 1) {
      const at = mopRow(history, row[node] ?? 0);
      const end = history.mopStart[at + 1] ?? 0;
      for (let mop = history.mopStart[at] ?? 0; mop < end; mop++) {
        const key = history.mopKey[mop] ?? 0;
        if (history.mopKind[mop] !== mopKindCode.w || writer[key] === node) continue;
        writer[key] = node;
        writeKey.push(key);
      }
    }
    writeStart[node + 1] = writeKey.length;
  }
  return { writeStart, writeKey: writeKey.view() };
}
