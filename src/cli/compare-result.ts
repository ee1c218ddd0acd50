import { dirname, join, resolve } from "node:path";
import { basename } from "node:path";
import { existsSync } from "node:fs";

import { asDeclared, type Cell } from "../campaign/compare/cell.ts";
import type { Shard } from "../campaign/compare/compare-asked.ts";
import { safeLevels } from "../campaign/compare/safe-levels.ts";
import { compareFiles, runFiles, writeRunFile } from "../runner/run-directory.ts";
import { comparePage } from "../report/compare/compare-page.ts";
import { compareMarkdown } from "../report/compare/compare-markdown.ts";
import { matrixText } from "../report/terminal/matrix.ts";
import { safeLevelsText } from "../report/terminal/safe-levels.ts";
import { styleFor } from "../report/terminal/style.ts";
import { table } from "../report/terminal/table.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { isPath } from "./load-workload.ts";
import { quoted } from "./repeat-command.ts";
import { UsageError } from "./usage-error.ts";

/** What is told of a comparison, or of the part of it that there is. */
export interface CompareResult {
  readonly directory: string;
  readonly seed: string;
  readonly shard: Shard | null;
  /** Finished cells, in the order of the request. */
  readonly cells: readonly Cell[];
  /** How many cells of this shard are not finished. */
  readonly missing: number;
  /** How many of the servers are the user's, to be named again where it goes on. */
  readonly urls: number;
}

/** How it is told. */
export interface ResultOptions {
  readonly json: boolean;
  /** The file for the matrix as Markdown, if one was named. */
  readonly markdown: string | null;
}

/** Writes the page and the Markdown, and prints the matrix. @throws EnvironmentError */
export function tellResult(result: CompareResult, { json, markdown }: ResultOptions): void {
  const { directory, seed, shard, cells, missing } = result;
  const safe = safeLevels(cells);
  const view = { ...result, safe, cells: cells.map((cell) => ({ ...cell, hasPage: hasPage(cell) })) };
  writeRunFile(directory, compareFiles.page, comparePage(view, directory));
  if (markdown !== null) writeMarkdown(markdown, compareMarkdown(view));
  if (json) {
    const complete = missing === 0;
    process.stdout.write(
      `${JSON.stringify({ run: directory, seed, cells, shard, complete, missing, safe })}\n`,
    );
    return;
  }
  const style = styleFor(process.stdout);
  const broken =
    missing > 0 ? `${style.unsure(`${missing} of ${cells.length + missing} cells are missing.`)}\n` : "";
  if (cells.length > 0)
    process.stdout.write(
      `\n${matrixText(cells, style, process.stdout.columns)}\n\n${safeLevelsText(safe, style)}\n\n`,
    );
  process.stdout.write(
    `${broken}Run directory: ${directory} (seed ${seed})\nTo look at:    ${join(directory, compareFiles.page)}\n${nextSteps(result)}`,
  );
}

function hasPage({ run }: Cell): boolean {
  return existsSync(join(run, runFiles.report));
}

/** @throws UsageError when its directory is not there, before anything is run */
export function checkMarkdown(file: string | null | undefined): void {
  if (file === undefined || file === null) return;
  if (file === "" || !existsSync(dirname(resolve(file))))
    throw new UsageError(`--markdown names a file in a directory that does not exist: "${file}"`);
}

/** Whole or not at all. @throws EnvironmentError */
export function writeMarkdown(file: string, text: string): void {
  writeRunFile(dirname(file), basename(file), text);
}

/** Bad news first. No cell at all, as in a shard that is left over, is no bad news. */
export function exitCodeFor(cells: readonly Cell[]): ExitCode {
  if (cells.some((cell) => cell.valid !== "unknown" && !asDeclared(cell))) return exitCodes.anomaly;
  return cells.some((cell) => cell.valid === "unknown") ? exitCodes.unknown : exitCodes.valid;
}

function nextSteps({ cells, missing, directory, urls }: CompareResult): string {
  const example = cells.find((cell) => cell.valid === false) ?? cells[0];
  const resume =
    missing > 0
      ? [
          [
            `npx isolab compare --resume ${quoted(directory)}${" --url URL".repeat(urls)}`,
            "go on; finished cells stay",
          ],
        ]
      : [];
  if (example === undefined && resume.length === 0) return "";
  const steps = [...resume, ...(example === undefined ? [] : nextOf(example))];
  return `What to try next:\n${table(steps).replaceAll(/^/gm, "  ")}\n`;
}

function nextOf({
  source,
  run,
  workload,
  variant,
  database,
  isolation,
}: Cell): readonly (readonly string[])[] {
  const name = source === "" ? workload : source;
  // A saved history tells the name only, and its invariants are in the file.
  const file = isPath(name) ? ` --workload ${quoted(name)}` : "";
  const again = quoted(`${name}:${variant}`);
  return [
    [`npx isolab check ${quoted(`${run}/history.jsonl`)}${file}`, "why, transaction by transaction"],
    [
      `npx isolab run --db ${database} --workload ${again} --isolation ${isolation}`,
      "the same race, other luck",
    ],
    ["npx isolab compare --db postgres,mariadb --workload register,append", "all variants, both databases"],
    ["npx isolab list", "what else there is"],
  ];
}
