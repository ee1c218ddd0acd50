import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

import { bin, isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";
import { pages, placeOf, snippets } from "../support/snippets.ts";

const root = resolve(import.meta.dirname, "../..");

/** A line of a shell snippet. */
interface Line {
  readonly place: string;
  readonly page: string;
  readonly command: string;
}

/** What is not executed here, by how it begins, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  "npm install && npm start": "what npm start runs is a comparison, which test/e2e/compare.test.ts runs",
  "npm install && npm test": "it is what runs this test",
  "npx isolab gate --strict --junit": "test/e2e/gate.test.ts reads the file that it writes",
  "npm ci": "the package is installed by test/e2e/packed.test.ts",
  "npx isolab merge /matrix": "test/docs/ci-page.test.ts merges what the pods left",
  "node scripts/golden-schedules.mjs": "it writes the schedules anew that test/histories executes",
};

/** What is executed with less, and why: the time that nothing but waiting takes. */
const shorter: readonly (readonly [RegExp, string])[] = [[/--time-limit [12]0s/, "--time-limit 4s"]];

const lines: readonly Line[] = snippets("sh").flatMap((snippet) =>
  snippet.text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, ""))
    .filter((line) => line !== "")
    .map((command) => ({ place: placeOf(snippet), page: snippet.page, command })),
);

const here = lines.filter(
  ({ command }) => !Object.keys(elsewhere).some((begin) => command.startsWith(begin)),
);

/** docs/isolation.md has one search per workload; test/workloads searches them all, so that a few are enough. */
const searches = here.filter(({ page }) => page === "docs/isolation.md");
const everySoMany = 8;

/** The other blocks; one whose commands all stand on an earlier page is not executed again. */
const blocks = [...new Set(here.map(({ place }) => place))]
  .map((place) => here.filter((line) => line.place === place))
  .filter((block) => block.every((line) => !searches.includes(line)))
  .filter((block) => block.some(isFirst));

function isFirst({ command, place }: Line): boolean {
  return here.find((line) => line.command === command)?.place === place;
}

test("what is executed elsewhere is on a page", () => {
  for (const begin of Object.keys(elsewhere))
    expect(
      lines.some(({ command }) => command.startsWith(begin)),
      begin,
    ).toBe(true);
});

test.each(searches.filter((_, i) => i % everySoMany === 0))(
  "$place finds what it says",
  { timeout: 120_000 },
  async ({ command }) => {
    const [, anomaly = ""] = /--anomaly (\S+)/.exec(command) ?? [];
    const { status, output } = await executed(command, directoryFor("docs/isolation.md"));
    expect(output).toContain(`found ${anomaly} in schedule`);
    expect(status).toBe(1);
  },
);

test.each(blocks.map((block) => ({ block, place: block[0]?.place, page: block[0]?.page ?? "" })))(
  "the commands of $place do what they are there for",
  { timeout: 180_000 },
  async ({ block, page }) => {
    const directory = directoryFor(page);
    for (const { command } of block) {
      const fast = shorter.reduce((text, [from, to]) => text.replace(from, to), command);
      const { status, output } = await executed(fast, directory);
      // A race that was found is a result.
      expect([0, 1], `${command}\n${output}`).toContain(status);
    }
  },
);

test("every command that a page names exists, and so does every flag that it is given", async () => {
  const named = pages.flatMap((page) => isolabCommands(page));
  expect(named.length).toBeGreaterThan(50);
  const help = new Map<string, string>();
  for (const name of new Set(named.map(({ name }) => name)))
    help.set(name, (await isolab([name, "--help"])).stdout);
  const wrong = named.flatMap(({ place, name, flags }) => {
    const text = help.get(name) ?? "";
    if (!text.includes(`isolab ${name}`)) return [`${place}: isolab ${name}`];
    return flags.filter((flag) => !text.includes(flag)).map((flag) => `${place}: isolab ${name} ${flag}`);
  });
  expect(wrong).toEqual([]);
});

interface Named {
  readonly place: string;
  readonly name: string;
  readonly flags: readonly string[];
}

/** `isolab NAME --flag …` in blocks of any language. */
function isolabCommands(page: string): readonly Named[] {
  return snippets("sh", "console", "yaml", "text")
    .filter((snippet) => snippet.page === page)
    .flatMap((snippet) =>
      [...snippet.text.matchAll(/(?:npx |\$ |^|- |run: )isolab ([a-z]+)((?:[^\n#|]|\\\n)*)/gm)].map(
        ([, name = "", rest = ""]) => ({
          place: placeOf(snippet),
          name,
          flags: [...rest.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].map(([flag]) => flag),
        }),
      ),
    );
}

/** A directory whose shell has the built command, with what the page takes to be there. */
function directoryFor(page: string): string {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "bin"));
  for (const [name, skipped] of [
    ["npx", "shift\n"],
    ["isolab", ""],
  ] as const) {
    writeFileSync(
      join(directory, "bin", name),
      `#!/bin/sh\n${skipped}exec ${process.execPath} ${bin} "$@"\n`,
    );
    chmodSync(join(directory, "bin", name), 0o755);
  }
  if (page === "docs/workloads.md")
    copyFileSync(join(root, "docs/examples/coupons.ts"), join(directory, "coupons.ts"));
  if (page === "docs/schedules.md")
    for (const name of ["histories", "src", "test", "workloads"])
      symlinkSync(join(root, name), join(directory, name));
  return directory;
}

async function executed(
  command: string,
  directory: string,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn("sh", ["-c", command], {
    cwd: directory,
    env: { ...process.env, PATH: `${join(directory, "bin")}:${process.env.PATH ?? ""}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  const status = await new Promise<number | null>((done) => child.once("close", done));
  return { status, output };
}
