import { readEdnHistory } from "./edn-history.ts";
import { HistoryError } from "./history-error.ts";
import type { Beginning } from "./history.ts";
import { HistorySink, type LoadedHistory } from "./history-sink.ts";
import { readJsonArray } from "./json-array-reader.ts";
import { readJsonLines } from "./json-lines-reader.ts";
import { type ByteWindow, fileWindow, textWindow, withoutMark } from "./byte-window.ts";
import { OperationReader } from "./fast/operation-reader.ts";
import { ednSyntax, jsonSyntax, type Syntax } from "./fast/syntax.ts";
import { plainSource, remainingSource, stringSource, type TextSource } from "./text-source.ts";

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
  return loadHistorySync(path);
}

/**
 * {@link loadHistory} for those who cannot wait.
 * @throws HistoryError as it does.
 */
export function loadHistorySync(path: string): LoadedHistory {
  const file = path === "-" ? "standard input" : path;
  return read(fileWindow(path, file), file);
}

/**
 * The same for a text in memory; `name` stands for the file in messages, and its extension counts.
 * @throws HistoryError as {@link loadHistory} does.
 */
export function parseHistory(text: string, name: string): LoadedHistory {
  if (text === "") throw new HistoryError("the text is empty: it holds no history", { file: name });
  if (!loneSurrogate.test(text)) return read(textWindow(text), name);
  const sink = new HistorySink(name);
  const content = withoutMark(text);
  const { format, beginning } = formatOf(content, name);
  format(stringSource(content), name, sink);
  return finish(sink, beginning);
}

/** Half of a character, which UTF-8 does not have. */
const loneSurrogate = /\p{Surrogate}/u;

function read(window: ByteWindow, file: string): LoadedHistory {
  const sink = new HistorySink(file);
  try {
    if (window.at === window.end) window.fill();
    const { format, syntax, beginning } = formatOf(
      window.bytes.toString("utf8", window.at, window.end),
      file,
    );
    const source =
      syntax === null ? plainSource(window) : remainingSource(window, new OperationReader(syntax, sink));
    format(source, file, sink);
    return finish(sink, beginning);
  } finally {
    window.close();
  }
}

function finish(sink: HistorySink, beginning: Beginning): LoadedHistory {
  const loaded = sink.finish(beginning);
  if (loaded.history.length === 0) sink.warn(1, "the history holds no operation");
  return loaded;
}

interface Format {
  readonly format: (source: TextSource, file: string, sink: HistorySink) => void;
  /** How its operations are spelled where they come one in a line. */
  readonly syntax: Syntax | null;
  /** What a history without a header began with, by the convention of those who write this format. */
  readonly beginning: Beginning;
}

const edn: Format = { format: readEdnHistory, syntax: ednSyntax, beginning: "as-read" };
const jsonLines: Format = { format: readJsonLines, syntax: jsonSyntax, beginning: "unknown" };
const jsonArray: Format = { format: readJsonArray, syntax: null, beginning: "unknown" };

// What each syntax can begin with, as far as it cannot be the other: JSON records are {"name":…}.
const beginnings: readonly (readonly [RegExp, Format])[] = [
  [/^\s*(?:[;#(,]|\{\s*:|[[(][\s,]*(?:[;#({]\s*:|[;#]))/, edn],
  [/^\s*\{\s*"/, jsonLines],
  [/^\s*\[\s*\{\s*["}]/, jsonArray],
];

function formatOf(start: string, file: string): Format {
  for (const [pattern, format] of beginnings) if (pattern.test(start)) return format;
  const name = file.toLowerCase();
  if (name.endsWith(".edn")) return edn;
  return /^\s*\[/.test(start) ? jsonArray : jsonLines;
}
