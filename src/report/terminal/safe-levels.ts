import type { MatrixCell } from "./matrix.ts";
import type { Style } from "./style.ts";

/**
 * A line per database and variant: the levels at which something forbidden was found, and those at
 * which nothing was. What was not found may still be there; what was found is proven.
 */
export function safeLevelsText(cells: readonly MatrixCell[], style: Style): string {
  const groups = new Map<string, MatrixCell[]>();
  for (const cell of cells) {
    const name = `${cell.workload}:${cell.variant} on ${cell.database}`;
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return [...groups].map(([name, group]) => line(name, group, style)).join("\n");
}

function line(name: string, group: readonly MatrixCell[], style: Style): string {
  const levels = (valid: MatrixCell["valid"]): readonly string[] =>
    group.filter((cell) => cell.valid === valid).map((cell) => cell.isolation);
  const parts = [
    ...phrase(style.bad("broken"), levels(false)),
    ...phrase(style.good("nothing forbidden found"), levels(true)),
    ...phrase(style.unsure("proved nothing"), levels("unknown")),
  ];
  return `${name}: ${parts.join("; ")}`;
}

function phrase(what: string, levels: readonly string[]): readonly string[] {
  return levels.length === 0 ? [] : [`${what} at ${levels.join(", ")}`];
}
