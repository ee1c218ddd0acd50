import { existsSync, readFileSync } from "node:fs";

/** Beside this file where isolab is built, and in `dist` where its source runs. */
const folders = ["../browser/", "../../../dist/src/report/browser/"].map(
  (path) => new URL(path, import.meta.url),
);

/** `import { a, b } from "./c.js";` */
const importLine = /^import \{[^}]*\} from "\.\/([\w-]+)\.js";\n/gm;

/**
 * The modules that a page's module needs, itself included, as one script: compiled from `src/report/browser`, each
 * before those that import it, within one function. They import from each other only, by the names that are exported.
 *
 * @param entry the module's name, `page`
 * @throws Error when it is not built, or imports in another way
 */
export function browserScript(entry: string): string {
  const modules = new Map<string, string>();
  collect(entry, modules);
  return `(() => {\n"use strict";\n${[...modules.values()].join("\n")}})();\n`;
}

function collect(name: string, modules: Map<string, string>): void {
  if (modules.has(name)) return;
  const text = compiled(name);
  for (const [, needed = ""] of text.matchAll(importLine)) collect(needed, modules);
  const body = text
    .replaceAll(importLine, "")
    .replaceAll(/^export \{\};\n/gm, "")
    .replaceAll(/^\/\/# sourceMappingURL=.*\n?/gm, "")
    .replaceAll(/^export (?=(?:async )?(?:function|const|class) )/gm, "");
  if (/^(?:import|export)\b/m.test(body))
    throw new Error(`${name} of the page's script imports or exports in a way that cannot be inlined`);
  modules.set(name, body);
}

function compiled(name: string): string {
  const file = folders.map((folder) => new URL(`${name}.js`, folder)).find((url) => existsSync(url));
  if (file === undefined) throw new Error(`the page's script ${name}.js is not built: run npm run build`);
  return readFileSync(file, "utf8");
}
