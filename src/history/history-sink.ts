import type { Header } from "./header.ts";
import { HistoryColumns } from "./history-columns.ts";
import { locatedSentence } from "./history-error.ts";
import type { Beginning, History } from "./history.ts";
import type { Operation } from "./operation.ts";
import { processProblem } from "./process-table.ts";
import { validate } from "./validate.ts";

/** A history as it was read, and what was tolerated on the way. */
export interface LoadedHistory {
  readonly history: History;
  /** One sentence each, led by its location. */
  readonly warnings: readonly string[];
}

/**
 * Where the readers of all syntaxes put what they find, one record after the other. Validates and
 * builds; problems are answered as sentences, so that the reader can say where.
 */
export class HistorySink {
  readonly #file: string;
  readonly #warnings: string[] = [];
  #header: Header | null = null;
  #nextIndex = 0;
  #tolerated = 0;
  /** Where operations go. Readers that add to them directly ask {@link admits} and tell {@link took}. */
  readonly columns: HistoryColumns = new HistoryColumns();

  constructor(file: string) {
    this.#file = file;
  }

  /** True once a header was found: the history is one of ours. */
  get own(): boolean {
    return this.#header !== null;
  }

  /** The index of an operation that has none. */
  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** True when no operation was found yet. */
  get empty(): boolean {
    return this.#nextIndex === 0;
  }

  header(header: Header): string | null {
    if (this.#header !== null || !this.empty)
      return "expected an operation, got a second header or one that does not come first";
    this.#header = header;
    return null;
  }

  operation(operation: Operation): string | null {
    const problem = validate(this.columns, operation, this.own, this.#nextIndex - 1);
    if (problem?.fatal === true) return problem.sentence;
    if (problem !== null) this.#tolerate(operation, problem.sentence);
    this.columns.add(operation);
    this.#nextIndex = operation.index + 1;
    return null;
  }

  /** Whether an operation with a higher index is well-formed, without anything to tolerate. */
  admits(process: number, type: number, f: number): boolean {
    const { processes } = this.columns;
    const problem = processes.problem(processes.slot(process), process, type, f, this.own);
    return problem === processProblem.none;
  }

  /** The operation that was added to the columns last had this index. */
  took(index: number): void {
    this.#nextIndex = index + 1;
  }

  // One warning for all of them: thousands would hide the others.
  #tolerate(operation: Operation, sentence: string): void {
    if (this.#tolerated++ > 0) return;
    const message = `operation ${operation.index}: ${sentence}; such operations are not paired`;
    this.#warnings.push(locatedSentence(message, { file: this.#file }));
  }

  warn(line: number, message: string): void {
    this.#warnings.push(locatedSentence(message, { file: this.#file, line }));
  }

  /** @param beginning what a history without a header is said to have begun with */
  finish(beginning: Beginning): LoadedHistory {
    const began = this.own ? "empty" : beginning;
    return { history: this.columns.build(this.#header, began, true), warnings: this.#warnings };
  }
}
