import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import type { SoakLine, SoakResult } from "../../src/campaign/soak/soak.ts";
import { isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";
import { serverUrls } from "../support/servers.ts";

describe.each(serverUrls())("isolab soak on $kind", ({ url, kind }) => {
  test(
    "runs one configuration after another, and keeps what showed something new",
    { timeout: 120_000 },
    async () => {
      const out = join(temporaryDirectory(), "soak");
      const args = [
        "soak",
        "--url",
        url,
        "--runs",
        "5",
        "--seed",
        "e2e",
        "--workload",
        "append,register:unique",
        "--nemesis",
        "deadlock,kill-idle",
      ];
      const { code, stdout } = await isolab([...args, "--out", out, "--json"]);
      const result = JSON.parse(stdout) as SoakResult & { seed: string };
      expect(result).toMatchObject({ seed: "e2e", runs: 5, failed: [] });
      expect(code).toBe(0);
      const lines = readFileSync(join(out, "soak.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as SoakLine);
      expect(lines.map(({ seed }) => seed)).toEqual([0, 1, 2, 3, 4].map((number) => `e2e-${number}`));
      for (const { kept, number, news } of lines) {
        expect(kept === null).toBe(news === 0);
        expect(existsSync(join(out, `${number}`, "history.jsonl"))).toBe(kept !== null);
      }
      // A user's server holds nothing that may not be there: the URL is left out.
      expect(lines.every(({ command }) => command.includes("--url URL"))).toBe(true);
      expect(kind).not.toBe("");
    },
  );
});

test("isolab run --swarm says what it drew, and the command that says it in full repeats it", async () => {
  const { stdout, stderr, code } = await isolab([
    "run",
    "--swarm",
    "--seed",
    "7",
    "--url",
    serverUrls()[0]?.url ?? "",
    "--sessions",
    "3",
    "--out",
    join(temporaryDirectory(), "run"),
  ]);
  expect([0, 1, 2]).toContain(code);
  const drawn = /seed 7 draws (.*)/.exec(stderr)?.[1] ?? "";
  expect(drawn).toMatch(/--workload \S+:\S+ --isolation \S+ --ops \d+/);
  expect(drawn).not.toContain("--sessions");
  const again = /Run it again: +npx isolab (.*)/.exec(stdout)?.[1] ?? "";
  expect(again).toContain(drawn);
  expect(again).toContain("--sessions 3");
  expect(again).not.toContain("--swarm");
});
