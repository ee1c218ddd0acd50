import type { BaselineCell, Shown } from "./baseline.ts";

/** What is wrong with a cell. */
export type Complaint =
  /** Something showed that is not allowed. */
  | { readonly kind: "forbidden"; readonly anomaly: string; readonly where: "search" | "free-running" }
  /** Something that is expected did not show, where that is asked for. */
  | { readonly kind: "missing"; readonly anomaly: string }
  /** The baseline does not know the cell. */
  | { readonly kind: "new" }
  /** It proved nothing. */
  | { readonly kind: "unknown"; readonly because: string };

/**
 * Holds what a cell has shown to the baseline. Only the search can miss what is expected, and only under `strict`:
 * its schedules are the same each time, while a free-running execution is a matter of luck.
 */
export function judgeCell(
  baseline: BaselineCell | undefined,
  shown: Shown & { readonly unknown: string | undefined },
  strict: boolean,
): readonly Complaint[] {
  if (baseline === undefined) return [{ kind: "new" }];
  const { expected, allowed } = baseline;
  const isForbidden = (anomaly: string): boolean => !expected.includes(anomaly) && !allowed.includes(anomaly);
  const searched = shown.searched.filter(isForbidden);
  const freely = shown.freely.filter((anomaly) => isForbidden(anomaly) && !searched.includes(anomaly));
  const missing = strict ? expected.filter((anomaly) => !shown.searched.includes(anomaly)) : [];
  return [
    ...searched.map((anomaly) => ({ kind: "forbidden", anomaly, where: "search" }) as const),
    ...freely.map((anomaly) => ({ kind: "forbidden", anomaly, where: "free-running" }) as const),
    ...(shown.unknown === undefined ? missing.map((anomaly) => ({ kind: "missing", anomaly }) as const) : []),
    ...(shown.unknown === undefined ? [] : [{ kind: "unknown", because: shown.unknown } as const]),
  ];
}
