import { type History, typeCode } from "../history/history.ts";
import type { Counts } from "./verdict.ts";

interface Outcomes {
  ok: number;
  fail: number;
  info: number;
}

/** Clients' operations by outcome and kind, the kinds sorted. Linear. */
export function countOperations(history: History): Counts {
  const byFunction = history.functions.map((): Outcomes => ({ ok: 0, fail: 0, info: 0 }));
  for (let row = 0; row < history.length; row++) {
    if ((history.process[row] ?? -1) < 0) continue;
    const outcomes = byFunction[history.f[row] ?? 0];
    const type = history.type[row];
    if (outcomes === undefined || (type === typeCode.invoke && history.pair[row] !== -1)) continue;
    if (type === typeCode.ok) outcomes.ok++;
    else if (type === typeCode.fail) outcomes.fail++;
    else outcomes.info++;
  }
  const attempted = history.functions
    .map((f, i): [string, Outcomes] => [f, byFunction[i] ?? { ok: 0, fail: 0, info: 0 }])
    .filter(([, { ok, fail, info }]) => ok + fail + info > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const sum = (outcome: keyof Outcomes): number =>
    attempted.reduce((total, [, outcomes]) => total + outcomes[outcome], 0);
  return { ok: sum("ok"), fail: sum("fail"), info: sum("info"), byF: Object.fromEntries(attempted) };
}
