import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

import { temporaryDirectory } from "../support/runs.ts";
import { placeOf, snippets, type Snippet } from "../support/snippets.ts";

const root = resolve(import.meta.dirname, "../..");

/** What a part of a file is a part of, by how it begins. `…` is where it stands. */
const contexts: Readonly<Record<string, string>> = {
  "targets: [":
    'import { defineConfig } from "isolab";\nexport default defineConfig({ workloads: ["append"], … });',
  "atRest: (":
    'import { distinct, type WorkloadDefinition } from "isolab";\nexport const part: Part = { … };',
  "parameters: {":
    'import { hotKeys, type WorkloadDefinition } from "isolab";\nexport const part: Part = { … };',
  "invariant<": 'import { invariant } from "isolab";\nexport const part = …',
};

/** Files that snippets import and other snippets hold, by a line of them. */
const neighbours: Readonly<Record<string, string>> = {
  "sell.ts": "export async function sell(",
};

/** What a snippet takes to be there, by a line of it; its declarations come after it. Such a one is compiled only. */
const assumed: Readonly<Record<string, string>> = {
  "(pool, options);":
    'declare const pool: import("pg").Pool;\ndeclare const options: import("isolab").RaceOptions;',
};

/** Tests that are there to fail, by a line of them, and what the failure says. */
const failing: Readonly<Record<string, RegExp>> = {
  'test("a ticket is sold once"': /no serial order|ISOLAB_REPLAY/,
};

function valueIn<T>(table: Readonly<Record<string, T>>, { text }: Snippet): T | undefined {
  return Object.entries(table).find(([line]) => text.includes(line))?.[1];
}

/** The snippet as a whole file. */
function moduleOf(snippet: Snippet): string {
  if (/^import /m.test(snippet.text)) return `${snippet.text}${valueIn(assumed, snippet) ?? ""}`;
  const begins = Object.keys(contexts).find((begin) => snippet.text.startsWith(begin));
  expect(begins, `${placeOf(snippet)} is no module: say in this test what it is a part of`).toBeDefined();
  const context = (contexts[begins ?? ""] ?? "").replace(": Part", ": Partial<WorkloadDefinition>");
  return context.replace("…", () => snippet.text);
}

const typescript = snippets("ts");

test("every TypeScript snippet compiles against the package", () => {
  const files = new Map(typescript.map((one) => [fileOf(one), moduleOf(one)]));
  for (const [name, text] of neighbourFiles())
    for (const beside of [root, join(root, "docs")]) files.set(join(beside, name), text);
  const options = optionsOf(join(root, "tsconfig.json"));
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...files.keys()], options, {
    ...host,
    fileExists: (file) => files.has(file) || host.fileExists(file),
    readFile: (file) => files.get(file) ?? host.readFile(file),
    getSourceFile: (file, version) => {
      const text = files.get(file);
      return text === undefined
        ? host.getSourceFile(file, version)
        : ts.createSourceFile(file, text, version);
    },
  });
  const problems = [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    expect(source).toBeDefined();
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  expect(problems.map(sentenceOf)).toEqual([]);
});

const complete = typescript.filter((one) => valueIn(assumed, one) === undefined);

test.each(complete.map((snippet) => ({ snippet, place: placeOf(snippet) })))(
  "the TypeScript of $place runs",
  ({ snippet }) => {
    const directory = project();
    const isTest = snippet.text.includes('from "vitest"');
    const file = isTest ? "snippet.test.ts" : "snippet.ts";
    writeFileSync(join(directory, file), moduleOf(snippet));
    const args = isTest ? [vitest, "run", "--reporter=json"] : ["--import", jiti, file];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: directory,
      encoding: "utf8",
      // The runner of this test is none of the snippet's.
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    });
    const failure = valueIn(failing, snippet);
    if (failure !== undefined) {
      expect(stdout).toMatch(failure);
      expect(status).toBe(1);
      return;
    }
    expect(status, stdout + stderr).toBe(0);
    if (isTest) expect(stdout).toMatch(/"numPassedTests":[1-9]/);
    if (snippet.text.includes('from "node:test"')) expect(stdout).toMatch(/pass [1-9]/);
  },
);

const vitest = join(root, "node_modules/vitest/vitest.mjs");
const jiti = join(root, "node_modules/jiti/lib/jiti-register.mjs");

/** A project that depends on isolab as it is built, with the histories that the snippets name. */
function project(): string {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules/isolab"));
  for (const name of ["mysql2", "pg", "vitest"])
    symlinkSync(join(root, "node_modules", name), join(directory, "node_modules", name));
  for (const [name, text] of neighbourFiles()) writeFileSync(join(directory, name), text);
  writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module" }));
  copyFileSync(join(root, "histories/list-write-skew.jsonl"), join(directory, "skew.jsonl"));
  copyFileSync(join(root, "histories/list-serial.jsonl"), join(directory, "ledger.jsonl"));
  return directory;
}

function neighbourFiles(): readonly (readonly [string, string])[] {
  return Object.entries(neighbours).flatMap(([name, line]) =>
    typescript.filter(({ text }) => text.includes(line)).map(({ text }) => [name, text] as const),
  );
}

/** A file beside its page that is only in memory, so that names are looked up from there. */
function fileOf({ page, line }: Snippet): string {
  return join(root, dirname(page), `snippet-${page.replaceAll(/\W/g, "-")}-${line}.ts`);
}

function optionsOf(file: string): ts.CompilerOptions {
  const config: unknown = ts.parseConfigFileTextToJson(file, readFileSync(file, "utf8")).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
  return { ...options, noUnusedLocals: false, noEmit: true };
}

function sentenceOf({ file, start, messageText }: ts.Diagnostic): string {
  const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
  return `${file?.fileName ?? ""}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}
