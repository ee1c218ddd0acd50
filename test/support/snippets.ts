import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** A fenced block of a page. */
export interface Snippet {
  /** Its page, from the root of the project. */
  readonly page: string;
  /** The line of its text's first line, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** The pages that people write; those of `docs/api` are made of docstrings and hold signatures only. */
export const pages: readonly string[] = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => `docs/${name}`),
];

/** Every fenced block of the pages, in order. */
export function snippets(...languages: readonly string[]): readonly Snippet[] {
  return pages.flatMap((page) => snippetsOf(page).filter(({ language }) => languages.includes(language)));
}

function snippetsOf(page: string): readonly Snippet[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```(\w*)[^\n]*\n(.*?)^```$/gms)].map((match) => ({
    page,
    line: text.slice(0, match.index).split("\n").length + 1,
    language: match[1] ?? "",
    text: match[2] ?? "",
  }));
}

/** Where a snippet is, as editors understand it. */
export function placeOf({ page, line }: Snippet): string {
  return `${page}:${line}`;
}
