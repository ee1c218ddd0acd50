import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";

import { bin, isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";
import { serverUrls } from "../support/servers.ts";

describe("help", () => {
  test("lists the commands and the exit codes", async () => {
    const { code, stdout } = await isolab(["--help"]);
    expect(code).toBe(0);
    for (const text of ["isolab run", "isolab check", "isolab compare", "isolab list", "254  bad usage"]) {
      expect(stdout).toContain(text);
    }
  });

  test("loads no driver and no checker", () => {
    const text = readFileSync(bin, "utf8") + readFileSync(bin.replace("main.js", "cli.js"), "utf8");
    expect(text).not.toMatch(/from "(pg|mysql2|jiti)/);
  });

  test("the version is the package's", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect((await isolab(["--version"])).stdout.trim()).toBe(version);
  });
});

describe.each(serverUrls())("isolab run on $kind", ({ url, kind }) => {
  test("finds the duplicate version, and prints it as data", async () => {
    const directory = join(temporaryDirectory(), "run");
    const args = [
      "run",
      "--url",
      url,
      "--workload",
      "register:naive",
      "--isolation",
      "read-committed",
      "--seed",
      "1",
    ];
    const { code, stdout, stderr } = await isolab([...args, "--json", "--out", directory]);

    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({
      run: directory,
      seed: "1",
      workload: "register",
      variant: "naive",
      isolation: "read-committed",
      valid: false,
      model: "read-committed",
      anomalyTypes: ["duplicate-version"],
      not: ["serializable"],
    });
    expect(result.database).toMatchObject({ kind });
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(readdirSync(directory).sort()).toEqual([
      "command.json",
      "history.jsonl",
      "lock-waits.json",
      "plan.json",
      "report.html",
      "verdict.json",
    ]);

    const command = readFileSync(join(directory, "command.json"), "utf8");
    expect(command).not.toContain(new URL(url).host);
    const { arguments: repeated } = JSON.parse(command) as { arguments: string[] };
    expect(readFileSync(join(directory, "report.html"), "utf8")).toContain(
      `npx isolab ${repeated.join(" ")}</code>`,
    );
    const same = join(temporaryDirectory(), "same");
    const rerun = repeated.map((arg) => (arg === "URL" ? url : arg));
    expect((await isolab([...rerun, "--out", same])).stderr).toBe("");
    expect(readFileSync(join(same, "plan.json"), "utf8")).toBe(
      readFileSync(join(directory, "plan.json"), "utf8"),
    );

    const again = await isolab(["check", join(directory, "history.jsonl"), "--json"]);
    expect(again.code).toBe(1);
    const { file: _, ...verdict } = JSON.parse(again.stdout) as Record<string, unknown>;
    expect(result).toMatchObject(verdict);
  });

  test("Ctrl-C ends it cleanly with 130", async () => {
    const directory = join(temporaryDirectory(), "run");
    const args = [bin, "run", "--url", url, "--ops", "100000", "--out", directory];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    while (!existsSync(join(directory, "history.jsonl")))
      await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGINT");
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(130);
    expect(JSON.parse(readFileSync(join(directory, "verdict.json"), "utf8"))).toHaveProperty("valid");
  });
});

test("isolab compare sets every cell beside what its variant declares", async () => {
  const directory = join(temporaryDirectory(), "compare");
  const args = [
    "compare",
    "--url",
    inject("postgresUrl"),
    "--workload",
    "register:naive,register:for-update",
  ];
  const { code, stdout } = await isolab([
    ...args,
    "--json",
    "--ops",
    "200",
    "--seed",
    "1",
    "--out",
    directory,
  ]);

  const { cells } = JSON.parse(stdout) as {
    cells: { isolation: string; variant: string; observed: string[] }[];
  };
  const duplicates = cells
    .filter(({ observed }) => observed.includes("duplicate-version"))
    .map(({ variant, isolation }) => `${variant} at ${isolation}`);
  expect(duplicates.sort()).toEqual([
    "for-update at repeatable-read",
    "naive at read-committed",
    "naive at read-uncommitted",
    "naive at repeatable-read",
  ]);
  expect(cells).toHaveLength(8);
  expect(code).toBe(0);
});

test("a workload file of the user's own, in TypeScript", async () => {
  const directory = temporaryDirectory();
  const source = readFileSync("workloads/append.ts", "utf8").replace('name: "append"', 'name: "mine"');
  writeFileSync(join(directory, "mine.ts"), source);
  const args = [
    "run",
    "--url",
    inject("postgresUrl"),
    "--workload",
    "./mine.ts:upsert",
    "--isolation",
    "serializable",
  ];
  const { code, stdout, stderr } = await isolab(
    [...args, "--json", "--ops", "100", "--out", "run"],
    directory,
  );
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({ workload: "mine", valid: true });
  expect(code).toBe(0);
});

test.each(["workloads", "checkers", "models", "nemeses"])("isolab list %s names something", async (topic) => {
  const { code, stdout } = await isolab(["list", topic, "--json"]);
  const entries = (JSON.parse(stdout) as Record<string, { name: string }[]>)[topic] ?? [];
  expect(entries.length).toBeGreaterThan(0);
  expect(code).toBe(0);
});

test("a history of ours goes to EDN and back without a change, and is judged the same", async () => {
  const directory = temporaryDirectory();
  const run = ["run", "--url", inject("mariadbUrl"), "--workload", "append", "--seed", "3", "--out", "run"];
  await isolab([...run, "--json", "--ops", "100"], directory);
  const written = readFileSync(join(directory, "run/history.jsonl"), "utf8");

  const edn = await isolab(["convert", "run/history.jsonl"], directory);
  expect(edn.stdout).toMatch(/^;; isolab \{.*\}\n\{:index 0, :time \d+, :process \d, :type :invoke, :f :txn/);
  writeFileSync(join(directory, "history.edn"), edn.stdout);
  const back = await isolab(["convert", "history.edn", "--to", "jsonl"], directory);
  expect(back.stdout).toBe(written);

  const verdicts = [];
  for (const file of ["run/history.jsonl", "history.edn"]) {
    const { stdout } = await isolab(["check", file, "--json"], directory);
    verdicts.push({ ...(JSON.parse(stdout) as object), file: "" });
  }
  expect(verdicts[0]).toEqual(verdicts[1]);
});

test("a history on stdin is judged", () => {
  const { status, stdout } = spawnSync(process.execPath, [bin, "check", "-", "--workload", "list-append"], {
    input: "{:index 0 :process 0 :type :ok :f :txn :value [[:append 1 1] [:r 1 [1 1]]]}\n",
    encoding: "utf8",
  });
  expect(stdout).toContain("duplicate-elements");
  expect(status).toBe(1);
});

test("a run in which nothing was done proves nothing", async () => {
  const directory = join(temporaryDirectory(), "run");
  const args = [
    "run",
    "--url",
    inject("postgresUrl"),
    "--time-limit",
    "1ms",
    "--rate",
    "1",
    "--out",
    directory,
  ];
  const { code, stdout } = await isolab([...args, "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ valid: "unknown" });
  expect(code).toBe(2);
});
