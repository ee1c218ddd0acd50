import type { UnknownOutcomes } from "../../checkers/unknown-outcomes.ts";

/** What operations of unknown outcome turned out to be, in one line: parts that are none are left out. */
export function outcomesText({ happened, didNot, unknowable, readOnly }: UnknownOutcomes): string {
  const all = happened + didNot + unknowable + readOnly;
  const parts = [
    ...(happened === 0 ? [] : [`${happened} happened`]),
    ...(didNot === 0 ? [] : [`${didNot} did not`]),
    ...(unknowable === 0 ? [] : [`${unknowable} cannot be known`]),
    ...(readOnly === 0 ? [] : [`${readOnly} only read`]),
  ];
  return `${all} ${all === 1 ? "operation" : "operations"} of unknown outcome: ${parts.join(", ")}`;
}
