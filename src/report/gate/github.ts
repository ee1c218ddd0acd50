import { complaintText, type GateLine } from "./complaint-text.ts";

/**
 * Annotations for GitHub Actions (workflow commands), one for each cell that fails: an error, or a warning where it
 * proved nothing.
 */
export function githubAnnotations(lines: readonly GateLine[], baseline: string): readonly string[] {
  return lines.flatMap((line) => {
    const [first] = line.complaints;
    if (first === undefined) return [];
    const level = line.complaints.some(({ kind }) => kind !== "unknown") ? "error" : "warning";
    const text = [
      ...line.complaints.map(complaintText),
      ...(line.replay === undefined ? [] : [`Show it again: ${line.replay}`]),
    ].join("\n");
    return [`::${level} file=${property(baseline)},title=${property(`isolab: ${line.name}`)}::${data(text)}`];
  });
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
