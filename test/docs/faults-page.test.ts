import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";

import { listedFaults } from "../../src/cli/listed-faults.ts";
import { nemeses } from "../../src/nemesis/catalogue.ts";
import { everyDatabase, type Need } from "../../src/nemesis/nemesis.ts";
import { escaped, markdownTable } from "../../src/report/markdown/escape.ts";
import { stepFaults } from "../../src/scheduler/with-faults.ts";
import { withPart } from "./page-parts.ts";

const file = resolve(import.meta.dirname, "../../docs/faults.md");

const needed: Readonly<Record<Need, string>> = {
  "own-server": "a server of isolab's own",
  "small-disk": "root, for a small disk",
  proxy: "",
  disruptive: "a server of isolab's own, or `--allow-disruptive`",
  "answer-timeout": "",
};

test("the page names every fault that there is, on what and when", async () => {
  const rows = listedFaults(nemeses, stepFaults).map(({ name, does, databases, needs, modes }) => [
    `\`${name}\``,
    escaped(does),
    databases.length === everyDatabase.length ? "all" : databases.join(", "),
    needs
      .map((need) => needed[need])
      .filter((text) => text !== "")
      .join("; "),
    modes.join(", "),
  ]);
  const table = markdownTable(["fault", "what it does", "databases", "needs", "modes"], rows);
  const page = withPart(readFileSync(file, "utf8"), ["faults", table]);
  const config = await resolveConfig(file);
  await expect(await format(page, { ...config, parser: "markdown" })).toMatchFileSnapshot(file);
});
