import type { Model } from "./model.ts";

const outcomeWords = ["ok", "fail", "info"] as const;

/** A moment as a scale has it: with the digits that tell it from others within a span. */
export function momentText(unit: "us" | "step", value: number, span: number): string {
  if (unit === "step") return `step ${Math.round(value).toLocaleString("en-US")}`;
  if (span >= 1e6) return `${rounded(value / 1e6, span / 1e6)} s`;
  if (span >= 1e3) return `${rounded(value / 1e3, span / 1e3)} ms`;
  return `${Math.round(value).toLocaleString("en-US")} µs`;
}

/** A duration; `open` for one without an end. */
export function durationText(unit: "us" | "step", length: number): string {
  if (length < 0) return "open";
  if (unit === "step") return length === 1 ? "1 step" : `${length.toLocaleString("en-US")} steps`;
  return exactly("us", length);
}

/** The fields of an operation for a person, in the order of the table. */
export function cellsOf({ data, begin, index }: Model, at: number): readonly string[] {
  const cause = data.cause[at] ?? -1;
  const outcome = outcomeWords[data.outcome[at] ?? 0] ?? "";
  return [
    `${index[at] ?? 0}`,
    exactly(data.unit, begin[at] ?? 0),
    durationText(data.unit, data.length[at] ?? 0),
    data.lanes[data.lane[at] ?? 0] ?? "",
    data.functions[data.f[at] ?? 0] ?? "",
    cause < 0 ? outcome : `${outcome}: ${data.causes[cause] ?? ""}`,
    data.text[at] ?? "",
  ];
}

/** An operation in two sentences: who and when, and what. */
export function sentencesOf(model: Model, at: number): readonly [who: string, what: string] {
  const [index = "", from = "", took = "", lane = "", f = "", outcome = "", text = ""] = cellsOf(model, at);
  const { data, marked } = model;
  const process = data.processes[data.process[at] ?? 0] ?? "";
  const part = marked[at] === 1 ? ", part of an anomaly" : "";
  return [
    `${f} by process ${process} in ${lane}: ${outcome}${part}. Index ${index}, from ${from}, took ${took}.`,
    text,
  ];
}

/** To the microsecond, in the same unit for all. */
function exactly(unit: "us" | "step", value: number): string {
  if (unit === "step") return momentText(unit, value, 1);
  return `${(value / 1e3).toLocaleString("en-US", { maximumFractionDigits: 3 })} ms`;
}

function rounded(value: number, span: number): string {
  const digits = span >= 100 ? 1 : span >= 10 ? 2 : 3;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
