import { complaintText, type GateLine } from "./complaint-text.ts";

/**
 * The result of a gate as JUnit XML: a suite for each server, a case for each cell. What fails the gate is a
 * `failure`, a cell that proved nothing an `error`.
 */
export function junitXml(lines: readonly GateLine[]): string {
  const suites = grouped(lines);
  const body = [...suites].map(([target, cases]) => suiteXml(target, cases)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="isolab gate"${counts(lines)}>\n${body}</testsuites>\n`;
}

function grouped(lines: readonly GateLine[]): ReadonlyMap<string, readonly GateLine[]> {
  const groups = new Map<string, GateLine[]>();
  for (const line of lines) groups.set(line.target, [...(groups.get(line.target) ?? []), line]);
  return groups;
}

function suiteXml(target: string, cases: readonly GateLine[]): string {
  return `  <testsuite name="${escaped(`isolab gate ${target}`)}"${counts(cases)}>\n${cases.map(caseXml).join("")}  </testsuite>\n`;
}

function counts(lines: readonly GateLine[]): string {
  const failures = lines.filter(isFailure).length;
  const errors = lines.filter((line) => !isFailure(line) && line.complaints.length > 0).length;
  const seconds = lines.reduce((sum, line) => sum + line.seconds, 0);
  return ` tests="${lines.length}" failures="${failures}" errors="${errors}" time="${seconds.toFixed(3)}"`;
}

function isFailure({ complaints }: GateLine): boolean {
  return complaints.some(({ kind }) => kind !== "unknown");
}

function caseXml(line: GateLine): string {
  const { target, workload, variant, isolation, seconds, complaints, explanation, replay } = line;
  const head = `    <testcase classname="${escaped(`isolab.${target}.${workload}`)}" name="${escaped(`${variant} at ${isolation}`)}" time="${seconds.toFixed(3)}"`;
  const [first] = complaints;
  if (first === undefined) return `${head}/>\n`;
  const element = isFailure(line) ? "failure" : "error";
  const text = [
    ...complaints.map(complaintText),
    ...(explanation === undefined ? [] : [explanation]),
    ...(replay === undefined ? [] : [`Show it again: ${replay}`]),
  ].join("\n");
  return `${head}>\n      <${element} message="${escaped(complaintText(first))}" type="${first.kind}">${escaped(text)}</${element}>\n    </testcase>\n`;
}

/** For XML 1.0: what may not be in it at all is left out. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
