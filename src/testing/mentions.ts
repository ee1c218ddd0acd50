/** A regular expression (flags `iu`) for one of these names as a word of its own. @param names at least one */
export function wordPattern(names: readonly string[]): string {
  const words = names.map((name) => name.replaceAll(/[^\p{L}\p{N}_]/gu, "\\$&"));
  return `(?<![\\p{L}\\p{N}_])(?:${words.join("|")})(?![\\p{L}\\p{N}_])`;
}

/** Whether a text mentions one of these names, anywhere and in any case of letters. */
export function mentions(names: readonly string[]): (text: string) => boolean {
  if (names.length === 0) return () => false;
  const any = new RegExp(wordPattern(names), "iu");
  return (text) => any.test(text);
}
