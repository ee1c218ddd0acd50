import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

import { entries } from "../support/entries.ts";

const root = resolve(import.meta.dirname, "../..");

/** What our types may name of others: Node, and vitest where its matchers are told of. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  "isolab/vitest": ["vitest"],
};

for (const { specifier, types } of entries()) {
  const files = declarationsFrom(types);

  test(`no type of ${specifier} is any`, () => {
    expect(files.flatMap(anysIn)).toEqual([]);
  });

  test(`the types of ${specifier} name no driver's and nobody else's`, () => {
    const allowed = foreign[specifier] ?? [];
    const others = files
      .flatMap((file) => namesIn(file).filter((name) => !name.startsWith(".")))
      .filter((name) => !name.startsWith("node:") && !allowed.includes(name));
    expect(others).toEqual([]);
  });
}

test("an any and a driver would be seen", () => {
  const source = ts.createSourceFile(
    "x.d.ts",
    'import type { Pool } from "pg"; export declare function f(x: any): import("mysql2").Pool | Pool;',
    ts.ScriptTarget.Latest,
    true,
  );
  expect(nodesOf(source).filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)).toHaveLength(1);
  expect(namesIn(source)).toEqual(["pg", "mysql2"]);
});

/** The declarations that an entry reaches, itself included. */
function declarationsFrom(entry: string): readonly ts.SourceFile[] {
  const seen = new Map<string, ts.SourceFile>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    seen.set(file, source);
    for (const name of namesIn(source))
      if (name.startsWith(".")) visit(resolve(dirname(file), name.replace(/\.(?:ts|js)$/, ".d.ts")));
  };
  visit(entry);
  return [...seen.values()];
}

function anysIn(source: ts.SourceFile): readonly string[] {
  return nodesOf(source)
    .filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)
    .map((node) => `${relative(root, source.fileName)}: ${node.parent.getText(source)}`);
}

/** What is imported, re-exported, augmented or named by `import("…")`. */
function namesIn(source: ts.SourceFile): readonly string[] {
  return nodesOf(source).flatMap((node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      return textOf(node.argument.literal);
    return ts.isModuleDeclaration(node) ? textOf(node.name) : [];
  });
}

function textOf(node: ts.Node | undefined): readonly string[] {
  return node !== undefined && ts.isStringLiteral(node) ? [node.text] : [];
}

function nodesOf(root: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}
