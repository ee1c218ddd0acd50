import type { Verdict } from "../../../src/checkers/verdict.ts";
import type { RecordedRun } from "../../../src/report/run/recorded-run.ts";
import { header, runOf, Script } from "./runs.ts";

/** Begins every hostile text, and is found again where the page shows one. */
export const mark = "evil";

/** Ends a script, an attribute, a comment and a style, and runs wherever it is taken for HTML. */
const evil = `${mark}"'></script></style><!-- --><img src=x onerror=window.hacked=1><svg onload=window.hacked=1>{{1}}\${window.hacked=1}`;

/** A run in which everything that a user's data can decide is hostile. */
export function hostileRun(): RecordedRun {
  const script = new Script({
    ...header,
    workload: evil,
    variant: evil,
    seed: evil,
    params: { [evil]: evil, sessions: 2 },
    database: { kind: "postgres", version: evil, settings: { [evil]: evil } },
    checks: [],
  });
  script
    .line(1, 0, "invoke", evil, [["append", evil, evil]])
    .line(2, evil, "invoke", evil, [[evil, evil, evil]])
    .line(3, 0, "ok", evil, [["append", evil, evil]], { data: evil })
    .line(4, evil, "fail", evil, [[evil, evil, evil]], { error: { cause: evil, code: evil } })
    .line(5, 1, "invoke", evil, [["r", evil, null]])
    .line(6, 1, "info", evil, [["r", evil, null]], { error: evil })
    .line(7, "nemesis", "invoke", evil, null)
    .line(8, "nemesis", "info", evil, evil);
  const history = script.history();
  const base = runOf(history);
  const operation = { index: 2, time: 3e6, process: evil, type: "ok" as const, f: evil };
  const mops = [["append", evil, evil]] as const;
  const verdict: Verdict = {
    ...base.verdict,
    valid: false,
    model: evil,
    anomalyTypes: [evil],
    observed: [evil, "constructor", "__proto__"],
    not: [evil],
    alsoNot: [evil],
    notes: [evil],
    crashed: [evil],
    anomalies: {
      [evil]: [
        {
          cycle: [
            { ...operation, value: mops },
            { ...operation, index: 3, value: mops },
          ],
          steps: [
            { type: "rw", key: evil, value: evil, explanation: evil },
            { type: "ww", key: evil, value: evil, explanation: evil },
          ],
          explanation: evil,
        },
      ],
    },
  };
  const sql = `-- isolab repro.sql for PostgreSQL 18\n-- ---- The interleaving, from top to bottom\n-- session A: ${evil.replaceAll("'", "")}\nselect "${evil.replaceAll(/["']/g, "")}";\n-- ${evil}\n\n-- ---- At rest`;
  return {
    ...base,
    directory: evil,
    command: ["run", "--workload", evil],
    verdict,
    repro: { directory: evil, sql },
  };
}
