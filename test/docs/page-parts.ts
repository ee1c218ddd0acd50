import { expect } from "vitest";

/** The page with what stands between two marks replaced. */
export function withPart(page: string, [name, text]: readonly [string, string]): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  expect(to).toBeGreaterThan(from);
  return `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`;
}
