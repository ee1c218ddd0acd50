import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { historyBuilder } from "../../src/history/history-builder.ts";
import { HistoryError } from "../../src/history/history-error.ts";
import { encodeHeader, encodeJsonLines } from "../../src/history/jsonl.ts";
import { loadHistory } from "../../src/history/load-history.ts";
import { RecorderError } from "../../src/history/recorder-error.ts";
import { openRecorder, type Recorder } from "../../src/history/recorder.ts";
import { someHeader } from "./arbitraries.ts";

let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "isolab-recorder-"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

const script = new URL("record-until-killed.mjs", import.meta.url).pathname;
const head = JSON.stringify(someHeader);

const operation = { process: 0, f: "txn", value: [["w", "x", 1]] } as const;
const first = '{"index":0,"time":5,"process":0,"type":"invoke","f":"txn","value":[["w","x",1]]}\n';
const second = '{"index":1,"time":6,"process":0,"type":"fail","f":"txn","value":[["w","x",1]],"data":{"a":1},"error":{"cause":"deadlock"}}\n'; // prettier-ignore

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("each line is on disk when its call returns", () => {
  const path = join(directory, "history.jsonl");
  const recorder = openRecorder(path, someHeader);
  const head = `${encodeHeader(someHeader)}\n`;
  expect(readFileSync(path, "utf8")).toBe(head);
  expect(recorder.invoke({ ...operation, time: 5 })).toBe(0);
  expect(readFileSync(path, "utf8")).toBe(head + first);
  expect(recorder.complete({ ...operation, time: 6, type: "fail", data: { a: 1 }, error: { cause: "deadlock" } })).toBe(1); // prettier-ignore
  expect(readFileSync(path, "utf8")).toBe(head + first + second);
  expect(recorder.length).toBe(2);
  recorder.close();
  recorder.close();
  const error = caught(() => recorder.invoke({ ...operation, time: 7 }));
  expect(error).toBeInstanceOf(RecorderError);
  expect((error as Error).message).toBe(`${path}: nothing more is recorded, because the recorder is closed`);
});

test("hands the same history to a builder", async () => {
  const path = join(directory, "both.jsonl");
  const builder = historyBuilder(someHeader);
  const recorder = openRecorder(path, someHeader, builder);
  recorder.invoke({ ...operation, time: 1 });
  recorder.complete({ ...operation, time: 2, type: "info", error: { cause: "connection-lost" } });
  recorder.close();
  expect([...encodeJsonLines(builder.build())].join("")).toBe(readFileSync(path, "utf8"));
  expect(builder.build()).toEqual((await loadHistory(path)).history);
});

test("never overwrites, and says where a history cannot be", () => {
  const path = join(directory, "taken.jsonl");
  writeFileSync(path, "precious");
  const taken = caught(() => openRecorder(path, someHeader));
  expect(taken).toBeInstanceOf(RecorderError);
  expect(taken).toMatchObject({ code: "EEXIST", cause: { code: "EEXIST" } });
  expect((taken as Error).message).toContain("is never overwritten");
  expect(readFileSync(path, "utf8")).toBe("precious");
  expect(() => openRecorder(join(directory, "none", "x.jsonl"), someHeader)).toThrow("does not exist");
});

test("what JSON cannot keep is refused before anything is written", async () => {
  const path = join(directory, "unsafe.jsonl");
  const recorder = openRecorder(path, someHeader);
  const bad = { ...operation, time: 1, value: [["w", "x", 2 ** 60]] } as const;
  expect(() => recorder.invoke(bad)).toThrow(HistoryError);
  expect(recorder.invoke({ ...operation, time: 1 })).toBe(0);
  recorder.close();
  expect((await loadHistory(path)).history.length).toBe(1);
});

describe("a full disk", () => {
  /** Runs with a directory that holds 64 kB; answers why that cannot be had here, if so. */
  function withTinyDisk(use: (mount: string) => void): string | undefined {
    const mount = join(directory, "tiny");
    mkdirSync(mount, { recursive: true });
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mount], { stdio: "pipe" });
    } catch (error) {
      return String(error);
    }
    try {
      use(mount);
      return undefined;
    } finally {
      execFileSync("umount", [mount]);
    }
  }

  function fill(recorder: Recorder): RecorderError {
    // Lines of an odd length, so that the last one fits in part.
    const value = [["w", "x".repeat(777), 1]] as const;
    const error = caught(() => {
      for (let process = 0; process < 10_000; process++)
        recorder.invoke({ time: 0, process, f: "txn", value });
    });
    expect(error).toBeInstanceOf(RecorderError);
    return error as RecorderError;
  }

  test("ends the recording with one sentence and a file of whole lines", async () => {
    let text = "";
    let recorded = 0;
    const impossible = withTinyDisk((mount) => {
      const path = join(mount, "history.jsonl");
      const recorder = openRecorder(path, someHeader);
      const error = fill(recorder);
      recorded = recorder.length;
      expect(error.code).toBe("ENOSPC");
      expect(error.message).toBe(
        `${path}: the disk is full; make room or record elsewhere with --out; the ${recorded} operations before are saved`,
      );
      const size = statSync(path).size;
      expect(() => recorder.invoke({ ...operation, time: 0 })).toThrow("because an earlier write failed");
      recorder.close();
      expect(statSync(path).size).toBe(size);
      text = readFileSync(path, "utf8");
      const second = caught(() => openRecorder(join(mount, "full.jsonl"), someHeader));
      expect((second as Error).message).toContain("the disk is full");
    });
    if (impossible !== undefined) {
      console.warn(`no tiny disk can be mounted here, so only a file size limit is tried: ${impossible}`);
      return;
    }
    expect(recorded).toBeGreaterThan(10);
    expect(text.endsWith("}\n")).toBe(true);
    const copy = join(directory, "copy.jsonl");
    writeFileSync(copy, text);
    expect(await loadHistory(copy)).toMatchObject({ history: { length: recorded }, warnings: [] });
  });

  test("and a file size limit, which needs no root, end it alike", async () => {
    const path = join(directory, "limited.jsonl");
    // In blocks of 512 or 1024 bytes, as the shell likes. jiti's cache would meet the limit too.
    const limited = 'ulimit -f 64 && exec "$0" "$@"';
    const { stdout, stderr } = spawnSync("sh", ["-c", limited, process.execPath, script, path, head], {
      encoding: "utf8",
      env: { ...process.env, JITI_FS_CACHE: "false" },
    });
    expect(stderr).toContain("RecorderError");
    expect(stderr).toContain("the file has reached the size limit of this system; record a shorter run; the");
    expect(stdout).toBe("recording\n");
    const { history, warnings } = await loadHistory(path);
    expect(warnings).toEqual([]);
    expect(history.length).toBeGreaterThan(10);
  });
});

test("a recorder that is killed loses no line that was answered, twenty times", async () => {
  let lines = 0;
  for (let round = 0; round < 20; round++) {
    const path = join(directory, `killed-${round}.jsonl`);
    const child = spawn(process.execPath, [script, path, head], { stdio: ["ignore", "pipe", "inherit"] });
    const closed = once(child, "close");
    await Promise.race([once(child.stdout, "data"), closed]);
    await new Promise((resolve) => setTimeout(resolve, 20 + round));
    child.kill("SIGKILL");
    expect(await closed).toEqual([null, "SIGKILL"]);

    const answered = readFileSync(`${path}.answered`).length;
    const { history, warnings } = await loadHistory(path);
    expect(warnings.length).toBeLessThanOrEqual(1);
    expect(history.header).toEqual(someHeader);
    expect(history.length).toBeGreaterThanOrEqual(answered);
    lines += answered;
  }
  expect(lines).toBeGreaterThan(1000);
});
