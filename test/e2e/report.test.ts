import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

import { bin, isolab } from "../support/cli.ts";

const golden = resolve(import.meta.dirname, "../../histories/schedules");
const room = mkdtempSync(join(tmpdir(), "isolab-report-"));

afterAll(() => {
  rmSync(room, { recursive: true });
});

/** A copy of a recorded run. */
function copied(name: string): string {
  const directory = join(room, name);
  cpSync(join(golden, "write-skew-postgres-repeatable-read"), directory, { recursive: true });
  return directory;
}

describe("isolab report", () => {
  test("writes report.html into the run directory, the same bytes each time, and prints where", async () => {
    const directory = copied("plain");
    const first = await isolab(["report", directory]);
    expect(first).toMatchObject({ code: 0, stderr: "", stdout: `${join(directory, "report.html")}\n` });
    const page = readFileSync(join(directory, "report.html"), "utf8");
    expect(page).toContain("✓ Valid");
    expect(page).toContain('aria-label="G2-item, case 1');
    expect(page).toContain("<svg role=");
    await isolab(["report", directory]);
    expect(readFileSync(join(directory, "report.html"), "utf8")).toBe(page);
  });

  test("writes elsewhere when told to, and says how large it is as JSON", async () => {
    const directory = copied("elsewhere");
    const out = join(room, "elsewhere.html");
    const { code, stdout } = await isolab(["report", directory, "--out", out, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ report: out, bytes: statSync(out).size });
    expect(existsSync(join(directory, "report.html"))).toBe(false);
  });

  test("takes the last run when none is named", async () => {
    cpSync(join(golden, "write-skew-postgres-repeatable-read"), join(room, "runs", "latest"), {
      recursive: true,
    });
    const { code, stdout } = await isolab(["report"], room);
    expect([code, stdout]).toEqual([0, "runs/latest/report.html\n"]);
  });

  test("judges the history of a run that was killed before it had a verdict", async () => {
    const directory = copied("killed");
    rmSync(join(directory, "verdict.json"));
    expect((await isolab(["report", directory])).code).toBe(0);
    const page = readFileSync(join(directory, "report.html"), "utf8");
    expect(page).toContain("the history was judged for this page");
    expect(page).toContain("G2-item");
  });

  test.each([
    ["a directory that is not there", () => join(room, "nowhere"), 254, /there is no run at .*nowhere/],
    ["a file", () => join(copied("file"), "history.jsonl"), 254, /is a file: name the run directory/],
    [
      "a directory without a history",
      () => {
        const directory = copied("without");
        rmSync(join(directory, "history.jsonl"));
        return directory;
      },
      254,
      /holds no history\.jsonl: it is no run directory/,
    ],
    [
      "a malformed history",
      () => withFile("broken", "history.jsonl", '{"index":0,\n{}\n'),
      254,
      /history\.jsonl:1/,
    ],
    [
      "a verdict that is no JSON",
      () => withFile("cut", "verdict.json", '{"valid":'),
      254,
      /verdict\.json cannot be read, since it is no JSON/,
    ],
    [
      "a verdict of something else",
      () => withFile("other", "verdict.json", "[]"),
      254,
      /is no verdict of isolab/,
    ],
    [
      "a command that is none",
      () => withFile("command", "command.json", '{"arguments":"run"}'),
      254,
      /holds no arguments of isolab/,
    ],
    [
      "a verdict whose counts are none",
      () => {
        const directory = copied("counts");
        const file = join(directory, "verdict.json");
        const verdict = JSON.parse(readFileSync(file, "utf8")) as object;
        writeFileSync(file, JSON.stringify({ ...verdict, cases: { G2: { count: "<b>", more: true } } }));
        return directory;
      },
      254,
      /is no verdict of isolab/,
    ],
    ["a malformed schedule", () => withFile("schedule", "schedule.json", "{}"), 254, /schedule\.json:1/],
    ["a malformed plan", () => withFile("plan", "plan.json", "{}"), 254, /plan/],
  ] as const)("says in one sentence what is wrong with %s", async (_, directory, code, sentence) => {
    const found = await isolab(["report", directory()]);
    expect(found.code).toBe(code);
    expect(found.stderr).toMatch(sentence);
    expect(found.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(found.stdout).toBe("");
  });

  test("says what is wrong with a place where it cannot write", async () => {
    const found = await isolab(["report", copied("nowrite"), "--out", join(room, "missing", "a.html")]);
    expect(found.code).toBe(3);
    expect(found.stderr).toMatch(/^isolab: cannot write .*a\.html: .*\n$/);
    expect((await isolab(["report", copied("noname"), "--out="])).code).toBe(254);
  });

  test("opens it in a browser, or says that there is nothing to open it with", () => {
    const directory = copied("opened");
    const opened = join(room, "opened.txt");
    const opener = join(room, "xdg-open");
    writeFileSync(
      opener,
      `#!/bin/sh\necho "$1" > '${opened}.partial' && mv '${opened}.partial' '${opened}'\n`,
    );
    chmodSync(opener, 0o755);
    const run = (path: string): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, [bin, "report", directory, "--open"], {
        env: { ...process.env, PATH: path },
        encoding: "utf8",
      });
    expect(run(`${room}:/usr/bin:/bin`).status).toBe(0);
    for (let waits = 0; !existsSync(opened) && waits < 200; waits++) spawnSync("sleep", ["0.05"]);
    expect(readFileSync(opened, "utf8").trim()).toBe(pathToFileURL(join(directory, "report.html")).href);
    const without = run(join(room, "nothing"));
    expect(without.status).toBe(0);
    expect(without.stderr).toMatch(/^isolab: open .*report\.html yourself, for xdg-open cannot be started/);
  });
});

function withFile(name: string, file: string, text: string): string {
  const directory = copied(name);
  writeFileSync(join(directory, file), text);
  return directory;
}

describe("runs leave a report", () => {
  test("isolab run, which says where; not with --no-report", async () => {
    const out = join(room, "run");
    const args = ["run", "--ops", "20", "--seed", "1", "--quiet"];
    const { stdout } = await isolab([...args, "--out", out]);
    expect(stdout).toContain(`Report:        ${join(out, "report.html")}\n`);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("register:naive at read-committed");
    const without = join(room, "without-report");
    const refused = await isolab([...args, "--out", without, "--no-report", "--json"]);
    expect(JSON.parse(refused.stdout)).not.toHaveProperty("report");
    expect(existsSync(join(without, "report.html"))).toBe(false);
  });

  test("isolab explore, with the reproduction in it", async () => {
    const out = join(room, "explore");
    const { stdout } = await isolab(["explore", "--seed", "1", "--quiet", "--json", "--out", out]);
    expect(JSON.parse(stdout)).toMatchObject({ report: join(out, "report.html") });
    const page = readFileSync(join(out, "report.html"), "utf8");
    expect(page).toContain("✗ Invalid");
    expect(page).toContain('<table class="steps">');
  });
});
