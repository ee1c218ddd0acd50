import { complaintText, type GateLine } from "../gate/complaint-text.ts";
import type { Style } from "./style.ts";

/** A line for a cell, and what is wrong with it. */
export function gateLineText(line: GateLine, style: Style): string {
  const { name, shown, complaints, explanation, replay } = line;
  if (complaints.length === 0)
    return `${style.good("✓")} ${name}: ${style.faint(shown.join(", ") || "nothing")}\n`;
  const unknown = complaints.every(({ kind }) => kind === "unknown");
  const mark = unknown ? style.unsure("?") : style.bad("✗");
  const told = complaints.map((complaint) => `    ${complaintText(complaint)}\n`).join("");
  const why = explanation === undefined ? "" : `    ${style.faint(explanation)}\n`;
  const again = replay === undefined ? "" : `    Show it again: ${replay}\n`;
  return `${mark} ${name}\n${told}${why}${again}`;
}

/** The last lines. */
export function gateSummary(lines: readonly GateLine[], style: Style): string {
  const failed = lines.filter(({ complaints }) => complaints.some(({ kind }) => kind !== "unknown")).length;
  const unknown = lines.filter(
    ({ complaints }) => complaints.length > 0 && complaints.every(({ kind }) => kind === "unknown"),
  ).length;
  if (failed > 0) return style.bad(`✗ ${failed} of ${lines.length} cells are not as the baseline has them`);
  if (unknown > 0) return style.unsure(`? ${unknown} of ${lines.length} cells proved nothing`);
  return style.good(`✓ all ${lines.length} cells are as the baseline has them`);
}
