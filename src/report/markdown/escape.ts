/** Text that Markdown shows as it is: everything that could mean something is escaped. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|~&]/g, (character) =>
    character === "<" ? "&lt;" : character === ">" ? "&gt;" : character === "&" ? "&amp;" : `\\${character}`,
  );
}

/** Lines in a code block, whose fence is longer than any run of backticks in them. */
export function codeBlock(lines: readonly string[], language = ""): string {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = "`".repeat(longest + 1);
  return [fence + language, ...lines, fence].join("\n");
}

/** A table; cells are Markdown already, without line breaks. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
