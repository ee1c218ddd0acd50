import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { check } from "../../../src/checkers/check.ts";
import { withAvailability } from "../../../src/checkers/availability/with-availability.ts";
import { parseHistory } from "../../../src/history/load-history.ts";
import type { Header } from "../../../src/history/header.ts";
import type { History } from "../../../src/history/history.ts";
import type { Json } from "../../../src/history/operation.ts";
import type { RecordedRun } from "../../../src/report/run/recorded-run.ts";
import { decodeSchedule } from "../../../src/scheduler/schedule-json.ts";

export const header: Header = {
  isolab: 1,
  seed: "7",
  workload: "append",
  variant: "plain",
  params: { keys: 3, sessions: 3, operations: 60 },
  mode: "stress",
  isolation: "repeatable-read",
  database: { kind: "postgres", version: "18.4", settings: { fsync: "off" } },
};

/** Writes a history line by line; times are milliseconds. */
export class Script {
  readonly #lines: string[];
  #index = 0;

  constructor(first: Header | null = header) {
    this.#lines = first === null ? [] : [JSON.stringify(first)];
  }

  line(ms: number, process: number | string, type: string, f: string, value: Json, more: object = {}): this {
    this.#lines.push(
      JSON.stringify({ index: this.#index++, time: ms * 1e6, process, type, f, value, ...more }),
    );
    return this;
  }

  /** Invocation and completion with nothing in between. */
  done(ms: number, took: number, process: number, type: string, value: Json, more: object = {}): this {
    return this.line(ms, process, "invoke", "txn", value).line(ms + took, process, type, "txn", value, more);
  }

  history(): History {
    return parseHistory(`${this.#lines.join("\n")}\n`, "history.jsonl").history;
  }
}

/** A lost update by sessions 0 and 1 (indices 2 and 3), then others of every outcome, and a fault of each kind. */
export function lostUpdate(): Script {
  const script = new Script();
  script
    .line(1, 0, "invoke", "txn", [
      ["r", "x", null],
      ["append", "x", 1],
    ])
    .line(2, 1, "invoke", "txn", [
      ["r", "x", null],
      ["append", "x", 2],
    ])
    .line(9, 0, "ok", "txn", [
      ["r", "x", []],
      ["append", "x", 1],
    ])
    .line(11, 1, "ok", "txn", [
      ["r", "x", []],
      ["append", "x", 2],
    ])
    .line(12, 2, "invoke", "txn", [["r", "x", null]])
    .line(13, 2, "ok", "txn", [["r", "x", [1, 2]]])
    .line(20, "nemesis", "invoke", "pause-server", null)
    .line(80, "nemesis", "info", "pause-server", "paused");
  for (let i = 0; i < 20; i++) script.done(100 + 10 * i, 6, i % 3, "ok", [["append", `y${i % 4}`, i]]);
  script
    .done(310, 5, 0, "fail", [["append", "z", 1]], { error: { cause: "deadlock", code: "40P01" } })
    .done(320, 5, 1, "info", [["append", "z", 2]], { error: { cause: "connection-lost" } })
    .line(330, "nemesis", "invoke", "kill-connection", null)
    .done(340, 4, 4, "ok", [["append", "z", 3]])
    .line(400, 5, "invoke", "read-at-rest", [["r", "z", null]])
    .line(401, 5, "ok", "read-at-rest", [["r", "z", [3]]]);
  return script;
}

/** A run as its files would tell it. */
export function runOf(history: History, more: Partial<RecordedRun> = {}): RecordedRun {
  return {
    directory: "runs/1",
    history,
    verdict: withAvailability(check(history), history),
    judgedAnew: false,
    hasPlan: true,
    sessions: 3,
    schedule: undefined,
    lockWaits: undefined,
    repro: undefined,
    ...more,
  };
}

/** One of the recorded interleavings, with what it was shrunk to. */
export function interleavedRun(name: string): RecordedRun {
  const directory = resolve(import.meta.dirname, "../../../histories/schedules", name);
  const read = (file: string): string => readFileSync(join(directory, file), "utf8");
  const { history } = parseHistory(read("history.jsonl"), "history.jsonl");
  return runOf(history, {
    directory: "runs/2",
    sessions: 2,
    schedule: decodeSchedule(read("schedule.json")),
    repro: { directory: "runs/2/shrunk", sql: read("repro.sql") },
  });
}
