import type { Beginning, History } from "../../history/history.ts";
import { elementText, indexOf, keyText } from "../explain/describe.ts";
import type { Inferred } from "./inference.ts";

/** A value that was read and that no operation of the history wrote. */
export interface Unwritten {
  /** Row of a transaction that read it. */
  readonly row: number;
  /** Positions in the history's keys and values. */
  readonly key: number;
  readonly element: number;
}

/**
 * What such a value means for a verdict, by how the history began: where it began empty the value is an
 * error, which is a finding (`garbage-read`) and needs no word here; where the reads are believed it was
 * there before, which is worth a note; else it is a reason to doubt.
 */
export function judgeUnwritten(
  history: History,
  beginning: Beginning,
  unwritten: Unwritten | null,
): Required<Pick<Inferred, "problems" | "notes">> {
  if (unwritten === null || beginning === "empty") return { problems: [], notes: [] };
  const said = unwrittenSentence(history, unwritten);
  return beginning === "as-read"
    ? { problems: [], notes: [`${said}; it was taken for a value that was there before, as Elle does.`] }
    : { problems: [`${said}, and nothing says that the keys began empty.`], notes: [] };
}

/** Who read the value where, without a full stop. */
function unwrittenSentence(history: History, { row, key, element }: Unwritten): string {
  return `The operation with index ${indexOf(history, row)} read ${elementText(history, element)} in ${keyText(history, key)}, which no operation of the history wrote`;
}
