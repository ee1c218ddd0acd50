import { escaped, markdownTable } from "../markdown/escape.ts";
import { complaintText, type GateLine } from "./complaint-text.ts";

/** The result of a gate for a comment on a merge request: what failed first, then the whole matrix. */
export function gateMarkdown(lines: readonly GateLine[]): string {
  const failed = lines.filter(({ complaints }) => complaints.length > 0);
  const head =
    failed.length === 0
      ? `### ✓ isolab gate: all ${lines.length} cells are as the baseline has them`
      : `### ✗ isolab gate: ${failed.length} of ${lines.length} cells are not as the baseline has them`;
  const details = failed.map(
    ({ name, complaints, explanation, replay }) =>
      `- **${escaped(name)}**: ${complaints.map((one) => escaped(complaintText(one))).join("; ")}` +
      (explanation === undefined ? "" : `\n\n  ${escaped(explanation)}`) +
      (replay === undefined ? "" : `\n\n  Show it again: \`${replay.replaceAll("`", "'")}\``),
  );
  const table = markdownTable(
    ["", "cell", "shown"],
    lines.map(({ name, shown, complaints }) => [
      complaints.length === 0 ? "✓" : complaints.every(({ kind }) => kind === "unknown") ? "?" : "✗",
      escaped(name),
      escaped(shown.join(", ") || "nothing"),
    ]),
  );
  return `${[head, ...details, table].join("\n\n")}\n`;
}
