import { check } from "../checkers/check.ts";
import type { Verdict } from "../checkers/verdict.ts";
import type { History } from "../history/history.ts";
import { checkersOf } from "../workload/invariant.ts";
import type { RunRequest } from "./run-once.ts";

/** What a history of a workload proves, where that is at hand: by its own invariants, too. */
export function judge(history: History, { config, model }: Pick<RunRequest, "config" | "model">): Verdict {
  return check(history, { checks: checkersOf(config.workload), ...(model === undefined ? {} : { model }) });
}
