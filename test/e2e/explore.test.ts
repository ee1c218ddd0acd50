import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";

import { bin, isolab, type Finished } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";

/** Whatever the driver has to say about how it is used is no business of the user's. */
function expectQuiet({ stderr }: Finished): void {
  expect(stderr).toBe("");
}

const databases = ["postgres", "mariadb"] as const;

describe.each(databases)("isolab explore --db %s", (db) => {
  test("finds the duplicate version, makes it small, and does both again byte for byte", async () => {
    const directory = temporaryDirectory();
    const args = ["explore", "--db", db, "--seed", "1", "--json", "--out"];
    const [first, second] = await Promise.all([
      isolab([...args, "one"], directory),
      isolab([...args, "two"], directory),
    ]);
    for (const finished of [first, second]) {
      expectQuiet(finished);
      expect(finished.code).toBe(1);
    }
    const result = JSON.parse(first.stdout) as Record<string, unknown> & { files: string[]; token: string };
    expect(result).toMatchObject({
      run: "one",
      seed: "1",
      workload: "register",
      variant: "naive",
      isolation: "read-committed",
      found: true,
      schedules: 1,
      asked: 200,
      racy: 0,
      oneWaiter: db !== "postgres",
      anomaly: "duplicate-version",
      schedule: 0,
      shrunk: { run: join("one", "shrunk"), transactions: 2, statements: 4, switches: 2 },
      valid: false,
      anomalyTypes: ["duplicate-version"],
    });
    const spec = db === "postgres" ? ["repro.spec"] : [];
    const inside = join("one", "shrunk");
    expect(result.files.sort()).toEqual(
      ["repro.json", "repro.sql", ...spec].map((n) => join(inside, n)).sort(),
    );

    const files = readdirSync(join(directory, inside)).sort();
    expect(files).toEqual(
      expect.arrayContaining(["history.jsonl", "plan.json", "schedule.json", "verdict.json"]),
    );
    expect(readdirSync(join(directory, "two", "shrunk")).sort()).toEqual(files);
    const bytes = (run: string, file: string): string =>
      readFileSync(join(directory, run, "shrunk", file), "utf8");
    for (const file of files) expect(bytes("two", file), file).toBe(bytes("one", file));
    expect(bytes("one", "repro.sql")).toContain("duplicate-version: register:naive at READ COMMITTED");

    const replays = await Promise.all([
      isolab(["replay", "--token", result.token, "--json"], directory),
      isolab(["replay", inside, "--json"], directory),
    ]);
    for (const replayed of replays) {
      expectQuiet(replayed);
      expect(JSON.parse(replayed.stdout)).toMatchObject({
        identical: true,
        anomalyTypes: ["duplicate-version"],
      });
      expect(replayed.code).toBe(0);
    }
  }, 150_000);

  test("executes every interleaving where the level forbids it, and says how many", async () => {
    const args = [
      "explore",
      "--db",
      db,
      "--isolation",
      "serializable",
      "--strategy",
      "exhaustive",
      "--seed",
      "1",
    ];
    const more = ["--ops", "2", "--sessions", "2", "--param", "models=1"];
    const finished = await isolab([...args, ...more], temporaryDirectory());
    expect(finished.stdout).toMatch(
      /✓ nothing found in any interleaving\n {2}\d+ schedules executed, \d+ different, \d+ branches left out as equivalent\n/,
    );
    expect(finished.code).toBe(0);
  });

  test("Ctrl-C ends it with 130, and with all that it had found", async () => {
    const directory = temporaryDirectory();
    const args = [
      "explore",
      "--db",
      db,
      "--isolation",
      "serializable",
      "--schedules",
      "100000",
      "--out",
      "run",
    ];
    const explored = join(directory, "run", "explored.jsonl");
    const { code, text, descendants } = await signalled(
      args,
      directory,
      () => linesIn(explored) > 3,
      "SIGINT",
    );
    expect(text).toMatch(/interrupted: \d+ schedules executed/);
    expect(code).toBe(130);
    expect(alive(descendants)).toEqual([]);
  });

  test("a server that dies is told in a sentence, and what was recorded loads", async () => {
    const directory = temporaryDirectory();
    const args = [
      "explore",
      "--db",
      db,
      "--isolation",
      "serializable",
      "--schedules",
      "100000",
      "--out",
      "run",
    ];
    const explored = join(directory, "run", "explored.jsonl");
    const { code, text, descendants } = await signalled(
      args,
      directory,
      () => linesIn(explored) > 3,
      "server",
    );
    expect(text).toMatch(/^isolab: .*run\/history\.jsonl\)\n$/);
    expect(code).toBe(3);
    expect(alive(descendants)).toEqual([]);
    const checked = await isolab(["check", "run/history.jsonl", "--json"], directory);
    expect(JSON.parse(checked.stdout)).toHaveProperty("counts");
    expect(linesIn(explored)).toBeGreaterThan(3);
  });
});

test("Ctrl-C while it shrinks leaves what was found as it was found", async () => {
  const directory = temporaryDirectory();
  const shrinking = join(directory, "run", "shrunk", "history.jsonl");
  const args = ["explore", "--seed", "1", "--out", "run"];
  const { code, text, descendants } = await signalled(args, directory, () => existsSync(shrinking), "SIGINT");
  expect(text).toContain("found duplicate-version in schedule 1\n  interrupted before it was made small");
  expect(code).toBe(130);
  expect(alive(descendants)).toEqual([]);
  expect(readdirSync(join(directory, "run"))).toEqual(
    expect.arrayContaining(["repro.json", "schedule.json"]),
  );
  expect(existsSync(join(directory, "run", "shrunk"))).toBe(false);
});

test("a time limit ends it, and does not make the plans longer", async () => {
  const args = ["explore", "--url", inject("postgresUrl"), "--isolation", "serializable", "--seed", "1"];
  const limit = ["--time-limit", "300ms", "--schedules", "1000000", "--out", "run", "--json"];
  const directory = temporaryDirectory();
  const { code, stdout } = await isolab([...args, ...limit], directory);
  expect(JSON.parse(stdout)).toMatchObject({ found: false, timedOut: true });
  const plan = JSON.parse(readFileSync(join(directory, "run", "plan.json"), "utf8")) as {
    sessions: unknown[][];
  };
  expect(plan.sessions.flat()).toHaveLength(8);
  expect(code).toBe(0);
});

test("a schedule in which nothing is committed proves nothing", async () => {
  const args = ["explore", "--url", inject("postgresUrl"), "--seed", "1", "--schedules", "2", "--json"];
  const faults = ["--nemesis", "kill-connection", "--fault-rate", "0.9", "--ops", "2"];
  const { code, stdout } = await isolab([...args, ...faults, "--out", "run"], temporaryDirectory());
  expect(JSON.parse(stdout)).toMatchObject({ found: false, schedules: 2 });
  expect(code).toBe(2);
});

test("a workload file of the user's own, and what replays what was found in it", async () => {
  const directory = temporaryDirectory();
  const source = readFileSync("workloads/append.ts", "utf8").replace('name: "append"', 'name: "mine"');
  writeFileSync(join(directory, "mine.ts"), source);
  const where = ["--workload", "./mine.ts"];
  const args = ["--isolation", "repeatable-read", "--seed", "1", "--out", "run"];
  const found = await isolab(["explore", ...where, ...args], directory);
  expect(found.code).toBe(1);
  const [, command = ""] = /Replay it: +npx isolab (.*)\n/.exec(found.stdout) ?? [];
  expect(command).toMatch(/ --workload \.\/mine\.ts$/);

  const replayed = await isolab(command.split(" "), directory);
  expect(replayed.stdout).toContain("identical, byte for byte");
  expect(replayed.code).toBe(0);

  const elsewhere = await isolab(["replay", "run"], directory);
  expect(elsewhere.stderr).toMatch(/does not come with isolab, "mine": say where it is with --workload/);
  const another = await isolab(["replay", "run", "--workload", "append:upsert"], directory);
  expect(another.stderr).toMatch(/the run is of workload "mine", and append:upsert is another one/);
  expect([elsewhere.code, another.code]).toEqual([254, 254]);
});

function linesIn(path: string): number {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
}

interface Signalled {
  readonly code: number | null;
  /** All that it wrote, wherever. */
  readonly text: string;
  /** Processes that it had started by then. */
  readonly descendants: readonly number[];
}

/** Starts a command and, as soon as it is ready for that, interrupts it or kills its server. */
async function signalled(
  args: readonly string[],
  cwd: string,
  ready: () => boolean,
  what: "SIGINT" | "server",
): Promise<Signalled> {
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  while (!ready() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
  const descendants = descendantsOf(child.pid ?? 0);
  if (what === "SIGINT") child.kill("SIGINT");
  else {
    const [server] = descendants.filter((pid) =>
      /^(postgres|mariadbd|mysqld)$/.test(statusOf(pid)?.name ?? ""),
    );
    if (server === undefined) throw new Error("it has no server");
    process.kill(server, "SIGKILL");
  }
  return { code: await ended, text, descendants };
}

/** Parents before their children. */
function descendantsOf(pid: number): readonly number[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const found = [pid];
  for (const parent of found) found.push(...all.filter((one) => statusOf(one)?.parent === parent));
  return found.slice(1);
}

/** Those of the processes that still run, or are stopped; a server's guard may take a moment to go. */
function alive(pids: readonly number[]): readonly string[] {
  return pids.flatMap((pid) => {
    const { name = "", state = "Z" } = statusOf(pid) ?? {};
    return state === "Z" || name === "sh" || name === "sleep" ? [] : [`${pid} ${name} ${state}`];
  });
}

function statusOf(pid: number): { name: string; state: string; parent: number } | undefined {
  try {
    const [, name = "", state = "", parent = ""] =
      /^\d+ \((.*)\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return { name, state, parent: Number(parent) };
  } catch {
    // It has ended.
    return undefined;
  }
}
