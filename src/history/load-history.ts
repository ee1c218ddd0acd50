import { readEdnHistory } from "./edn-history.ts";
import { HistoryError } from "./history-error.ts";
import { HistorySink, type LoadedHistory } from "./history-sink.ts";
import { readJsonArray } from "./json-array-reader.ts";
import { readJsonLines } from "./json-lines-reader.ts";
import { textBlocks } from "./text-blocks.ts";

export type { LoadedHistory } from "./history-sink.ts";

/**
 * Reads a saved history: JSON lines, a JSON array, or EDN, whichever its first characters show (its
 * extension where they do not). `-` is standard input. The file may be larger than a string can be;
 * memory is that of the history in columns. A torn last line is dropped with a warning. Reading blocks
 * the process until it is done.
 * @throws HistoryError (as a rejection) when it cannot be read, is malformed or not well-formed
 * (validate.ts), with file, line and column as far as they are known.
 */
export async function loadHistory(path: string): Promise<LoadedHistory> {
  const file = path === "-" ? "standard input" : path;
  return readBlocks(textBlocks(path, file), file);
}

/**
 * The same for a text in memory; `name` stands for the file in messages, and its extension counts.
 * @throws HistoryError as {@link loadHistory} does.
 */
export function parseHistory(text: string, name: string): LoadedHistory {
  if (text === "") throw new HistoryError("the text is empty: it holds no history", { file: name });
  return readBlocks([text.startsWith("\uFEFF") ? text.slice(1) : text], name);
}

function readBlocks(blocks: Iterable<string>, file: string): LoadedHistory {
  const sink = new HistorySink(file);
  const iterator = blocks[Symbol.iterator]();
  try {
    const first = iterator.next();
    const start = first.done === true ? "" : first.value;
    readerFor(start, file)(chain(start, iterator), file, sink);
  } finally {
    iterator.return?.();
  }
  const loaded = sink.finish();
  if (loaded.history.length === 0) sink.warn(1, "the history holds no operation");
  return loaded;
}

function* chain(first: string, rest: Iterator<string>): Generator<string, void, undefined> {
  yield first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}

type Reader = (blocks: Iterable<string>, file: string, sink: HistorySink) => void;

// What each syntax can begin with, as far as it cannot be the other: JSON records are {"name":…}.
const beginnings: readonly [RegExp, Reader][] = [
  [/^\s*(?:[;#(,]|\{\s*:|[[(][\s,]*(?:[;#({]\s*:|[;#]))/, readEdnHistory],
  [/^\s*\{\s*"/, readJsonLines],
  [/^\s*\[\s*\{\s*["}]/, readJsonArray],
];

function readerFor(start: string, file: string): Reader {
  for (const [pattern, reader] of beginnings) if (pattern.test(start)) return reader;
  const name = file.toLowerCase();
  if (name.endsWith(".edn")) return readEdnHistory;
  return /^\s*\[/.test(start) ? readJsonArray : readJsonLines;
}
