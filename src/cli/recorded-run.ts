import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { Recorded } from "../campaign/replay.ts";
import type { Plan } from "../generators/plan.ts";
import type { DatabaseDescription, IsolationLevel } from "../history/header.ts";
import type { Json } from "../history/operation.ts";
import type { Reproduction } from "../report/reproduction/reproduction.ts";
import { UsageError } from "./usage-error.ts";

/** A recorded run as far as it is needed to execute it again. */
export interface RecordedRun {
  readonly recorded: Recorded;
  readonly plan: Plan;
  readonly workload: string;
  readonly variant: string | undefined;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly isolation: IsolationLevel;
  readonly database: DatabaseDescription;
}

/**
 * Reads a run directory, a history with its plan beside it, or a `repro.json`.
 * @throws UsageError that says which file is missing; what the readers of those files throw
 */
export async function recordedRun(path: string): Promise<RecordedRun> {
  if (!existsSync(path)) throw new UsageError(`there is no run at ${path}`);
  const { runFiles } = await import("../runner/run-directory.ts");
  if (!statSync(path).isDirectory()) {
    if (path.endsWith(".jsonl")) return fromFiles(path, dirname(path));
    if (path.endsWith(".json")) return fromRepro(path);
    throw new UsageError(
      `${path} is neither a run directory nor its ${runFiles.history} nor a repro.json: nothing else can be replayed`,
    );
  }
  const history = join(path, runFiles.history);
  if (existsSync(history)) return fromFiles(history, path);
  const repro = join(path, "repro.json");
  if (existsSync(repro)) return fromRepro(repro);
  throw new UsageError(`${path} holds neither ${runFiles.history} nor repro.json: it is no run directory`);
}

/** What a token holds. @throws BadToken */
export async function recordedToken(token: string): Promise<RecordedRun> {
  const { decodeToken } = await import("../report/reproduction/token.ts");
  return fromReproduction(decodeToken(token));
}

async function fromRepro(path: string): Promise<RecordedRun> {
  const { decodeReproJson } = await import("../report/reproduction/repro-json.ts");
  return fromReproduction(decodeReproJson(readFileSync(path, "utf8")));
}

function fromReproduction({ plan, seed, moves, digest, ...rest }: Reproduction): RecordedRun {
  return {
    ...rest,
    plan: { seed, exhausted: false, sessions: plan },
    recorded: { kind: "moves", moves, digest },
  };
}

async function fromFiles(history: string, directory: string): Promise<RecordedRun> {
  const { runFiles } = await import("../runner/run-directory.ts");
  const { loadHistory } = await import("../history/load-history.ts");
  const { decodePlan } = await import("../generators/plan-json.ts");
  const { decodeSchedule } = await import("../scheduler/schedule-json.ts");
  const { header } = (await loadHistory(history)).history;
  if (header === null)
    throw new UsageError(`${history} has no header: it was not recorded by isolab and cannot be replayed`);
  const read = (name: string): string => {
    const file = join(directory, name);
    if (!existsSync(file))
      throw new UsageError(`${file} is missing: replaying ${basename(history)} needs it beside it`);
    return readFileSync(file, "utf8");
  };
  const plan = decodePlan(read(runFiles.plan));
  const schedule =
    header.mode === "interleaved"
      ? decodeSchedule(read(runFiles.schedule), join(directory, runFiles.schedule))
      : undefined;
  return {
    recorded: { kind: "run", history, schedule },
    plan,
    workload: header.workload,
    variant: header.variant,
    parameters: header.params,
    isolation: header.isolation,
    database: header.database,
  };
}
