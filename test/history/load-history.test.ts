import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeEdnHistory } from "../../src/history/edn-history.ts";
import { historyBuilder } from "../../src/history/history-builder.ts";
import { HistoryError } from "../../src/history/history-error.ts";
import type { History } from "../../src/history/history.ts";
import { encodeJsonLines } from "../../src/history/jsonl.ts";
import { loadHistory, parseHistory } from "../../src/history/load-history.ts";
import { operationAt } from "../../src/history/operation-at.ts";
import { someHeader } from "./arbitraries.ts";

let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "isolab-load-"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** Some megabytes, so that blocks end in the middle of lines, tokens and characters. */
function largeHistory(): History {
  const builder = historyBuilder(someHeader);
  for (let index = 0; index < 30_000; index += 2) {
    const base = { process: index % 14, f: "txn", value: [["w", `ключ-${index % 100}`, `значение №${index} 😀`]] } as const;
    builder.add({ ...base, index, time: index, type: "invoke" });
    builder.add({ ...base, index: index + 1, time: index, type: "ok" });
  }
  return builder.build();
} // prettier-ignore

describe("a file larger than one block", () => {
  const jsonl = [...encodeJsonLines(largeHistory())].join("");
  const edn = [...encodeEdnHistory(largeHistory())].join("");
  const lines = jsonl.trimEnd().split("\n");

  test.each([
    ["large.jsonl", jsonl],
    ["large.txt", jsonl.replaceAll("\n", "\r\n")],
    ["large-bom.jsonl", `\uFEFF${jsonl}`],
    ["large.json", `[${lines.join(",\r\n")}]`],
    ["large-one-line.json", `[${lines.join(",")}]`],
    ["large.edn", edn],
    ["large-crlf.edn", edn.replaceAll("\n", "\r\n")],
    ["large-vector.edn", `${edn.slice(0, edn.indexOf("\n"))}\n[${edn.slice(edn.indexOf("\n"))}]`],
    ["large-unnamed", edn.replaceAll("]]}\n", "]]} ")],
  ])("%s", async (name, text) => {
    expect(Buffer.byteLength(text)).toBeGreaterThan(2 ** 21);
    const { history, warnings } = await loadHistory(write(name, text));
    expect(warnings).toEqual([]);
    expect([...encodeJsonLines(history)].join("") === jsonl).toBe(true);
  });

  test("has its errors at the right line and column", async () => {
    const marked = jsonl.replace('"index":29000,"time":29000', '"index":29000,"time":!');
    await expect(loadHistory(write("bad.jsonl", marked))).rejects.toThrow(
      `${join(directory, "bad.jsonl")}:29002:23: expected a JSON value, got "!"`,
    );
    const ednMarked = edn.replace(":index 29000, :time 29000", ":index 29000, :time ^");
    await expect(loadHistory(write("bad.edn", ednMarked))).rejects.toThrow(
      `${join(directory, "bad.edn")}:29002:22: expected a value of EDN, got "^"`,
    );
    const array = `[${lines.join(",\n")}]`.replace('"index":29000,"time":29000', '"index":29000,"time":!');
    await expect(loadHistory(write("bad.json", array))).rejects.toThrow(
      `${join(directory, "bad.json")}:29002:23: expected a JSON value, got "!"`,
    );
  });

  test("loads when it is torn inside a character", async () => {
    const bytes = Buffer.from(jsonl);
    const cut = bytes.lastIndexOf("😀") + 2;
    const { history, warnings } = await loadHistory(write("torn.jsonl", bytes.subarray(0, cut)));
    expect(history.length).toBe(29_999);
    expect(warnings).toEqual([
      `${join(directory, "torn.jsonl")}:30001: the last line was torn by a crash of the recorder and is left out`,
    ]);
  });
});

describe("one sentence for a file that is none", () => {
  async function messageOf(path: string): Promise<string> {
    const error: unknown = await loadHistory(path).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(HistoryError);
    return (error as Error).message.replace(`${directory}/`, "");
  }

  test("missing, empty, a directory", async () => {
    expect(await messageOf(join(directory, "missing.jsonl"))).toBe(
      "missing.jsonl: there is no such file; check the path",
    );
    expect(await messageOf(write("empty.jsonl", ""))).toBe(
      "empty.jsonl: the file is empty: it holds no history",
    );
    mkdirSync(join(directory, "folder"));
    expect(await messageOf(join(directory, "folder"))).toBe(
      "folder: this is a directory; name a history file in it",
    );
    expect(await messageOf(join(directory, "empty.jsonl", "x"))).toContain(
      "a part of the path is no directory",
    );
  });

  test("compressed, whole or truncated", async () => {
    const packed = gzipSync("x".repeat(1000));
    for (const content of [packed, packed.subarray(0, 12)]) {
      expect(await messageOf(write("packed.jsonl", content))).toBe(
        "packed.jsonl: the file is compressed; unpack it with gunzip first",
      );
    }
  });

  test("binary garbage", async () => {
    const zero = write("zero.jsonl", Buffer.from([0x7b, 0x22, 0x00, 0x01]));
    expect(await messageOf(zero)).toBe("zero.jsonl: expected a history as text, got a zero byte at offset 2");
    const text = Buffer.from(`${"{}\n".repeat(600_000)}é`);
    text[1_500_000] = 0xff;
    expect(await messageOf(write("bytes.edn", text.subarray(text.length - 400_000)))).toContain("bytes.edn:");
    const late = Buffer.concat([Buffer.from(" ".repeat(1_500_000)), Buffer.from([0xc3, 0x28])]);
    expect(await messageOf(write("late.jsonl", late))).toBe(
      "late.jsonl: expected a history as UTF-8 text, got an invalid byte at offset 1500001",
    );
  });

  test("unreadable", async () => {
    if (process.getuid?.() !== 0) {
      const path = write("secret.jsonl", "{}");
      chmodSync(path, 0);
      expect(await messageOf(path)).toBe(
        "secret.jsonl: reading it is not permitted; check the file's permissions",
      );
      return;
    }
    // Root may read every file, but not what is no memory of this process.
    expect(await messageOf("/proc/self/mem")).toBe(
      "/proc/self/mem: the file cannot be read (EIO); check the disk it is on",
    );
  });
});

test("a history without operations loads with a warning", async () => {
  const { history, warnings } = await loadHistory(write("blank.edn", "\n ; nothing\n"));
  expect(history.length).toBe(0);
  expect(warnings).toEqual([`${join(directory, "blank.edn")}:1: the history holds no operation`]);
  expect(parseHistory("[]", "x.json").history.length).toBe(0);
  expect(parseHistory("[]", "x.edn").history.length).toBe(0);
});

test("the content counts for more than the extension", () => {
  const edn = "{:type :ok, :process 1, :value []}";
  const json = '{"type":"ok","process":1,"value":[]}';
  for (const text of [edn, `[${edn}]`, `[ ;x\n${edn}]`, `#op ${edn}`, json, `[ ${json} ]`, `\n${json}`]) {
    for (const name of ["x.jsonl", "x.json", "x.edn", "x"]) {
      expect([...encodeJsonLines(parseHistory(text, name).history)]).toEqual([
        '{"index":0,"time":0,"process":1,"type":"ok","f":"txn","value":[]}\n',
      ]);
    }
  }
});

test("reads standard input", () => {
  const script = join(directory, "stdin.mjs");
  const jiti = import.meta.resolve("jiti");
  const target = new URL("../../src/history/load-history.ts", import.meta.url).pathname;
  writeFileSync(
    script,
    `import { createJiti } from ${JSON.stringify(jiti)};
const { loadHistory } = await createJiti(import.meta.url).import(${JSON.stringify(target)});
console.log((await loadHistory("-")).history.length);`,
  );
  const text = [...encodeJsonLines(largeHistory())].join("");
  const { stdout, stderr } = spawnSync(process.execPath, [script], { input: text, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout.trim()).toBe("30000");
});

test("a read without a value, as others write it, is a read of nil", () => {
  const edn = "{:index 0, :process 0, :type :ok, :f :txn, :value [[:r :y] [:append :x 1]]}\n";
  const { history } = parseHistory(edn, "short.edn");
  expect(operationAt(history, 0).value).toEqual([
    ["r", ":y", null],
    ["append", ":x", 1],
  ]);
});
