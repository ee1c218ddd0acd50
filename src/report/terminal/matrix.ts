import type { Comparison } from "../../workload/expectation.ts";
import type { Validity } from "../../checkers/verdict.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** One row of the matrix. */
export interface MatrixCell {
  readonly database: string;
  readonly version: string;
  readonly isolation: string;
  readonly workload: string;
  readonly variant: string;
  readonly valid: Validity;
  readonly observed: readonly string[];
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  readonly declared: Comparison;
  readonly because?: string;
}

/** The matrix as a table: what was found in each cell, and whether its variant declares that. */
export function matrixText(cells: readonly MatrixCell[], style: Style): string {
  const head = ["database", "workload", "isolation", "committed", "found", "as declared"];
  const rows = cells.map((cell) => [
    `${cell.database} ${cell.version}`,
    `${cell.workload}:${cell.variant}`,
    cell.isolation,
    `${cell.counts.ok} of ${cell.counts.ok + cell.counts.fail + cell.counts.info}`,
    found(cell, style),
    declared(cell, style),
  ]);
  return table([head.map((text) => style.faint(text)), ...rows]);
}

function found({ valid, observed, because }: MatrixCell, style: Style): string {
  if (observed.length > 0) return style.bad(observed.join(", "));
  return valid === "unknown" ? style.unsure(`unknown: ${because ?? ""}`) : style.good("nothing");
}

function declared({ declared: { unseen, forbidden }, valid }: MatrixCell, style: Style): string {
  const complaints = [
    ...forbidden.map((name) => `${name} must never show`),
    ...unseen.map((name) => `${name} should have shown`),
    ...(valid === "unknown" ? ["proved nothing"] : []),
  ];
  return complaints.length === 0 ? style.good("yes") : style.bad(complaints.join("; "));
}
