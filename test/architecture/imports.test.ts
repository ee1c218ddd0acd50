import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Who may import whom, as ARCHITECTURE.md has it. A room may always import itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  random: [],
  clock: [],
  history: [],
  generators: ["random", "clock", "history"],
  clients: ["clock", "history"],
  nemesis: ["random", "clock", "history", "clients"],
  scheduler: ["random", "history"],
  checkers: ["history"],
  workload: ["random", "clock", "history", "generators", "clients", "nemesis", "checkers"],
  runner: ["random", "clock", "history", "generators", "clients", "nemesis", "scheduler", "workload"],
  campaign: [
    "random",
    "clock",
    "history",
    "generators",
    "clients",
    "nemesis",
    "scheduler",
    "workload",
    "runner",
    "checkers",
  ],
  report: ["history", "generators", "checkers", "workload", "scheduler", "clients"],
  testing: [
    "random",
    "clock",
    "history",
    "generators",
    "clients",
    "nemesis",
    "scheduler",
    "workload",
    "runner",
    "checkers",
    "campaign",
    "report",
  ],
  cli: [
    "random",
    "clock",
    "history",
    "generators",
    "clients",
    "nemesis",
    "scheduler",
    "workload",
    "runner",
    "checkers",
    "campaign",
    "report",
    ".",
  ],
  // The public entries re-export; they hold no code.
  ".": ["random", "clock", "history", "generators", "clients", "workload", "checkers", "testing"],
};

/** Rooms from which others may take types only. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  workload: ["random", "clock", "generators", "clients", "nemesis"],
  report: ["generators", "workload", "scheduler", "clients"],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

test("every room imports only what its row allows", () => {
  const offenders = importsUnder("src").flatMap(({ from, to, typeOnly }) => {
    const [mine, theirs] = [roomOf(from), roomOf(to)];
    if (mine === theirs) return [];
    const permitted = allowed[mine]?.includes(theirs) === true;
    const asType = typesOnly[mine]?.includes(theirs) !== true || typeOnly;
    return permitted && asType ? [] : [`${from} imports ${to}`];
  });
  expect(offenders).toEqual([]);
});

test("every room has a row", () => {
  const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(rooms.map((entry) => entry.name).filter((name) => !(name in allowed))).toEqual([]);
});

test("workloads import the public API and their own helpers only", () => {
  const offenders = filesUnder("workloads").flatMap((file) =>
    specifiersOf(file)
      .filter(({ specifier }) => specifier !== "isolab" && !inside("workloads", file, specifier))
      .map(({ specifier }) => `${file} imports ${specifier}`),
  );
  expect(offenders).toEqual([]);
});

test("the checkers need no database: isolab/check reaches no client and no driver", () => {
  const reached = reachableFrom("src/check.ts");
  const rooms = [...new Set(reached.map(roomOf))].sort();
  expect(rooms).toEqual([".", "checkers", "history"]);
});

test("vitest is imported by what is named after it, and by nothing else", () => {
  const importers = filesUnder("src").filter((file) => packagesOf(file).includes("vitest"));
  expect(importers.filter((file) => !file.startsWith("src/testing/vitest/"))).toEqual(["src/vitest.ts"]);
});

function packagesOf(file: string): readonly string[] {
  return specifiersOf(file)
    .filter(({ specifier, typeOnly }) => !specifier.startsWith(".") && !typeOnly)
    .map(({ specifier }) => specifier);
}

function roomOf(file: string): string {
  const parts = file.split("/");
  return parts.length > 2 ? (parts[1] ?? ".") : ".";
}

function importsUnder(folder: string): readonly Import[] {
  return filesUnder(folder).flatMap(importsOf);
}

function importsOf(file: string): readonly Import[] {
  return specifiersOf(file)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier, typeOnly }) => ({
      from: file,
      to: relative(root, resolve(root, dirname(file), specifier)),
      typeOnly,
    }));
}

/** Static and dynamic imports and re-exports, as written. */
function specifiersOf(file: string): readonly { readonly specifier: string; readonly typeOnly: boolean }[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*,?\s*\)/gms,
  );
  return [...found].map(([whole, type, fixed, dynamic]) => ({
    specifier: fixed ?? dynamic ?? "",
    typeOnly: type !== undefined || everyNameIsAType(whole),
  }));
}

function everyNameIsAType(statement: string): boolean {
  const names = /\{([^}]*)\}/
    .exec(statement)?.[1]
    ?.split(",")
    .map((name) => name.trim());
  return names?.filter((name) => name !== "").every((name) => name.startsWith("type ")) === true;
}

function reachableFrom(entry: string): readonly string[] {
  const seen = new Set<string>([entry]);
  const queue = [entry];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    for (const { to } of importsOf(file)) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return [...seen].sort();
}

function inside(folder: string, file: string, specifier: string): boolean {
  return (
    specifier.startsWith(".") &&
    relative(root, resolve(root, dirname(file), specifier)).startsWith(`${folder}/`)
  );
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file))
    .sort();
}
