/** A word of a command, for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A regular expression that matches the whole text and nothing else, in one line. */
export function wholly(text: string): string {
  return `^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(/[^\S ]/g, "\\s")}$`;
}
