import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";

import { loadHistory } from "../../src/history/load-history.ts";
import { bin, isolab, type Finished } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";

/** One sentence on stderr, nothing on stdout, no stack trace. */
function expectSentence({ stdout, stderr }: Finished, sentence: RegExp): void {
  expect(stderr).toMatch(sentence);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
}

test.each([
  [[], /name a command/],
  [["rnu"], /run/],
  [["run", "--no-such-flag"], /no-such-flag/],
  [["run", "--seed", "1", "--seed", "2"], /--seed was given more than once/],
  [["run", "--workload", "registr"], /no workload "registr"; isolab has append, .*register/],
  [["run", "--workload", "register:nave"], /no variant "nave"; it has naive, unique/],
  [["run", "--workload", "./absent.ts"], /no workload file \.\/absent\.ts/],
  [["run", "--isolation", "chaos"], /read-uncommitted, read-committed, repeatable-read, serializable/],
  [["run", "--workload", "register:serializable-retry"], /only at serializable/],
  [["run", "--db", "oracle"], /postgres, mysql, mariadb/],
  [["run", "--db", "postgres", "--url", "postgres://x"], /mutually exclusive/],
  [["run", "--url", "http://localhost/"], /--url must look like postgres:/],
  [["run", "--ops", "0"], /--ops must be a whole number from 1/],
  [["run", "--sessions", "many"], /--sessions must be a whole number/],
  [["run", "--time-limit", "30"], /duration such as/],
  [["run", "--param", "models"], /NAME=VALUE/],
  [["run", "--param", "nothing=1"], /no parameter "nothing"/],
  [["run", "--nemesis", "meteor"], /no nemesis "meteor"/],
  [["check"], /Not enough non-option arguments|files/],
  [["check", "absent.jsonl"], /absent\.jsonl/],
  [["check", "x.jsonl", "--model", "perfect"], /no consistency model "perfect"/],
  [["list", "planets"], /planets/],
])("isolab %j is refused with one sentence and 254", async (args, sentence) => {
  const finished = await isolab(args);
  expectSentence(finished, sentence);
  expect(finished.code).toBe(254);
});

describe("servers that cannot be used", () => {
  const withPassword = (url: string, password: string): string => {
    const changed = new URL(url);
    changed.password = password;
    return changed.href;
  };

  test.each(["postgresUrl", "mariadbUrl"] as const)("a wrong password (%s)", async (name) => {
    const finished = await isolab(["run", "--url", withPassword(inject(name), "wrong-secret")]);
    expectSentence(finished, /password|access denied|authentication/i);
    expect(finished.stderr).not.toContain("wrong-secret");
    expect(finished.code).toBe(3);
  });

  test.each(["postgres://u:wrong-secret@127.0.0.1:1/db", "mysql://u:wrong-secret@127.0.0.1:1/db"])(
    "a dead port (%s)",
    async (url) => {
      const directory = temporaryDirectory();
      const finished = await isolab(["run", "--url", url, "--out", join(directory, "run")]);
      expectSentence(finished, /127\.0\.0\.1:1/);
      expect(finished.stderr).not.toContain("wrong-secret");
      expect(finished.code).toBe(3);
      expect(existsSync(join(directory, "run"))).toBe(false);
    },
  );

  test("a server variable the server does not know", async () => {
    const finished = await isolab(["run", "--url", inject("postgresUrl"), "--set", "no_such_variable=1"]);
    expectSentence(finished, /no_such_variable/);
    expect(finished.code).toBe(3);
  });
});

describe("places that cannot be written", () => {
  test("a path through a file", async () => {
    const finished = await isolab(["run", "--url", inject("postgresUrl"), "--out", "/dev/null/run"]);
    expectSentence(finished, /cannot write \/dev\/null\/run/);
    expect(finished.code).toBe(3);
  });

  test("a directory that holds a run already", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "plan.json"), "mine");
    const finished = await isolab(["run", "--url", inject("postgresUrl"), "--out", directory]);
    expectSentence(finished, /holds a run already/);
    expect(finished.code).toBe(3);
    expect(readFileSync(join(directory, "plan.json"), "utf8")).toBe("mine");
  });

  test("a read-only file system", async () => {
    const mounted = mountTmpfs("size=1m,ro");
    const finished = await isolab(["run", "--url", inject("postgresUrl"), "--out", join(mounted, "run")]);
    expectSentence(finished, /read-only|permission denied/);
    expect(finished.code).toBe(3);
  });

  test("a disk that fills up: what was recorded until then loads and checks", async () => {
    const run = join(mountTmpfs("size=256k"), "run");
    const args = ["run", "--url", inject("postgresUrl"), "--workload", "register:naive", "--out", run];
    const finished = await isolab([...args, "--ops", "1000", "--think", "1ms"]);
    expectSentence(finished, /disk is full|no space/i);
    expect(finished.code).toBe(3);
    const { history } = await loadHistory(join(run, "history.jsonl"));
    expect(history.length).toBeGreaterThan(100);
  });
});

describe("histories that cannot be read", () => {
  const header =
    '{"isolab":1,"seed":"1","workload":"append","params":{},"mode":"stress","isolation":"serializable",' +
    '"database":{"kind":"postgres","version":"18.4","settings":{}}}';
  const invoke = (index: number, process: number): string =>
    `{"index":${index},"time":${index},"process":${process},"type":"invoke","f":"txn","value":[["append",1,${index}]]}`;
  const ok = (index: number, process: number, element: number): string =>
    `{"index":${index},"time":${index},"process":${process},"type":"ok","f":"txn","value":[["append",1,${element}]]}`;
  const file = (...lines: readonly string[]): string => {
    const path = join(temporaryDirectory(), "history.jsonl");
    writeFileSync(path, lines.join("\n"));
    return path;
  };

  test("a duplicated index is told with its line", async () => {
    const finished = await isolab(["check", file(header, invoke(0, 0), ok(1, 0, 0), invoke(1, 0), "")]);
    expectSentence(finished, /history\.jsonl:4/);
    expect(finished.code).toBe(254);
  });

  test("a line that is no JSON is told with line and column", async () => {
    const finished = await isolab(["check", file(header, invoke(0, 0), '{"index":1,', ok(2, 0, 0), "")]);
    expectSentence(finished, /history\.jsonl:3:\d+/);
    expect(finished.code).toBe(254);
  });

  test("a workload that no inference knows", async () => {
    const finished = await isolab([
      "check",
      file(header, invoke(0, 0), ok(1, 0, 0), ""),
      "--workload",
      "chess",
    ]);
    expectSentence(finished, /chess/);
    expect(finished.code).toBe(254);
  });

  test("a torn last line is dropped with a warning, and the rest is judged", async () => {
    const path = file(header, invoke(0, 0), ok(1, 0, 0), '{"index":2,"time":2,"pro');
    const finished = await isolab(["check", path, "--json"]);
    expect(finished.stderr).toMatch(/torn|incomplete|last line/i);
    expect(JSON.parse(finished.stdout)).toMatchObject({ file: path, counts: { ok: 1 } });
    expect(finished.code).not.toBe(254);
  });

  test("one bad file of several does not keep the others from being answered", async () => {
    const good = file(header, invoke(0, 0), ok(1, 0, 0), "");
    const finished = await isolab(["check", "absent.jsonl", good, "--json"]);
    expect(finished.stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(finished.stderr).toContain("absent.jsonl");
    expect(finished.code).toBe(254);
  });
});

/** A small file system of its own, gone after the test. Needs root, as CI and containers have it. */
function mountTmpfs(options: string): string {
  const directory = join(temporaryDirectory(), "small");
  mkdirSync(directory);
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", directory]);
  onTestFinished(() => {
    execFileSync("umount", [directory]);
  });
  return directory;
}

describe("what nobody should have asked for", () => {
  test.each([
    [["compare", "--workload", ","], /--workload names nothing/],
    [["compare", "--isolation", ","], /--isolation names nothing/],
    [["compare", "--db", ","], /--db names nothing/],
    [["run", "--nemesis", ","], /--nemesis names nothing/],
    [["run", "--nemesis", "kill-idle+meteor"], /no nemesis "meteor"/],
    [["run", "--nemesis-interval", "1s"], /--nemesis-interval is about faults/],
    [
      ["run", "--nemesis", "kill-idle", "--nemesis-duration", "long"],
      /--nemesis-duration must be a duration/,
    ],
    [["run", "--nemesis", "exhaust-connections", "--url", "postgres://localhost/x"], /--allow-disruptive/],
    [
      ["run", "--nemesis", "idle-in-transaction-timeout", "--url", "postgres://x", "--rate", "0"],
      /--rate must be/,
    ],
    [["run", "--mode", "interleaved", "--nemesis", "deadlock"], /no fault "deadlock" that can be a step/],
    [["soak", "--runs", "0"], /--runs must be a whole number from 1/],
    [["soak", "--workload", "nothing"], /no workload "nothing"/],
    [["soak", "--time-limit", "soon"], /--time-limit must be a duration/],
    [["run", "--isolation"], /isolation/],
    [["run", "--model", "perfect"], /no consistency model "perfect"/],
    [["run", "--out", ""], /--out names no directory/],
    [["run", "--url", "postgres://127.0.0.1:99999/x"], /--url must look like/],
    [["run", "--set", "search_path=x"], /search_path/],
  ])("isolab %j is refused with one sentence and 254", async (args, sentence) => {
    const finished = await isolab(args);
    expectSentence(finished, sentence);
    expect(finished.code).toBe(254);
  });

  test("a stdout that is full", async () => {
    const [command, ...args] = ["sh", "-c", `node ${bin} list > /dev/full`];
    const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
    expect(stderr).toBe("isolab: cannot write to stdout: ENOSPC\n");
    expect(status).toBe(3);
  });
});

describe("workload files that do not work", () => {
  const source = (body: string): string => `
    import { defineWorkload, fromList, repeat } from "isolab";
    const read = { invoke: () => [["r", "x", null]], run: async () => ({ value: [["r", "x", []]] }) };
    export default defineWorkload({
      name: "mine", summary: "", cannotReveal: "", parameters: {}, checks: [],
      schema: () => ["create table t (id int)"], setup: () => [],
      generator: () => repeat({ f: "txn", args: {} }), atRest: () => [],
      variants: { only: { summary: "", expect: [], operations: { txn: { ...read, ${body} } } } },
    });`;

  test.each([
    ["a body that throws", "run: async () => { throw new TypeError('planted') }", /threw TypeError: planted/],
    [
      "a body that forgets to await",
      "run: async (s) => { s.query('select 1'); return { value: [] } }",
      /not awaited/,
    ],
    ["a body that returns nothing", "run: async () => undefined", /must return \{ value/],
    [
      "a body that sends what is no SQL",
      "run: (s) => s.query('selct 1')",
      /operation "txn" .*: syntax .*selct/,
    ],
    ["a body that returns nonsense", "run: async () => ({ value: 'nope' })", /must return \{ value/],
  ])("%s", async (_, body, sentence) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "mine.ts"), source(body));
    const args = [
      "run",
      "--url",
      inject("postgresUrl"),
      "--workload",
      "./mine.ts",
      "--ops",
      "5",
      "--out",
      "run",
    ];
    const finished = await isolab(args, directory);
    expectSentence(finished, sentence);
    expect(finished.code).toBe(254);
  });

  test("SQL that the server does not understand", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "mine.ts"), source("").replace("create table", "creat table"));
    const finished = await isolab(
      ["run", "--url", inject("postgresUrl"), "--workload", "./mine.ts"],
      directory,
    );
    expectSentence(finished, /the schema of mine does not work: syntax .*creat/);
    expect(finished.code).toBe(254);
  });

  test.each([
    ["a syntax error", (text: string) => text.replace("schema:", "schema: ("), /mine\.ts:\d+:\d+$/m],
    ["a module that there is not", (text: string) => text.replace('"isolab"', '"isolate"'), /find module/],
    [
      "no default export",
      (text: string) => text.replace("export default", "export const mine ="),
      /as default/,
    ],
    [
      "an operation that nobody defines",
      (text: string) => text.replace('f: "txn"', 'f: "tnx"'),
      /plans .* "tnx"/,
    ],
    [
      "a read at rest that nobody asks for",
      (text: string) => text.replace("{ txn:", '{ "read-at-rest": read, txn:'),
      /atRest of mine names nothing to read/,
    ],
  ])("%s", async (_, broken, sentence) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "mine.ts"), broken(source("")));
    const args = ["run", "--url", inject("postgresUrl"), "--workload", "./mine.ts"];
    const finished = await isolab(args, directory);
    expectSentence(finished, sentence);
    expect(finished.code).toBe(254);
  });

  test("a file that does not define a whole workload", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "mine.ts"), 'export default { name: "mine", variants: { a: {} } };');
    const finished = await isolab(["run", "--workload", "./mine.ts"], directory);
    expectSentence(finished, /workload mine needs schema: a function/);
    expect(finished.code).toBe(254);
  });
});
