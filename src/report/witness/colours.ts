import type { StepType } from "../../checkers/verdict.ts";

/** How a kind of dependency looks and reads. */
export interface EdgeLook {
  readonly colour: string;
  readonly style: "solid" | "dashed" | "dotted";
  /** What the second transaction has to do with the first, in a word or two. */
  readonly words: string;
}

const looks: Readonly<Record<string, EdgeLook>> = {
  ww: { colour: "#b45309", style: "solid", words: "overwritten by" },
  wr: { colour: "#1d4ed8", style: "solid", words: "seen by" },
  rw: { colour: "#be123c", style: "solid", words: "did not see" },
  process: { colour: "#475569", style: "dashed", words: "same session, then" },
  realtime: { colour: "#475569", style: "dotted", words: "ended before" },
};

const other: EdgeLook = { colour: "#475569", style: "solid", words: "before" };

/** The look of a step; predicate steps look like those on rows. */
export function edgeLook(type: StepType): EdgeLook {
  return looks[type] ?? looks[type.slice(0, 2)] ?? other;
}

/** Colours of what is no edge. */
export const palette = {
  ink: "#0f172a",
  faint: "#64748b",
  line: "#cbd5e1",
  box: "#ffffff",
  paper: "#ffffff",
  mark: "#fff1d6",
} as const;
