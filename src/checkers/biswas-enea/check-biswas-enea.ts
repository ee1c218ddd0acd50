import { type History, mopKindCode, shapeCode } from "../../history/history.ts";
import { casesOf } from "../cases.ts";
import { CheckError } from "../check-error.ts";
import type { GraphResult } from "../check-graph.ts";
import { findingWitness } from "../explain/finding-witness.ts";
import { Findings } from "../infer/finding.ts";
import { inferences } from "../infer/inferences.ts";
import { transactions } from "../infer/transactions.ts";
import type { Witness } from "../verdict.ts";
import { type BeModel, cycleAnomaly, impliedBeModels } from "./be-models.ts";
import { causal } from "./causal.ts";
import { commitOrderCycles } from "./commit-order.ts";
import { commitOrderWitnesses } from "./commit-order-witness.ts";
import type { ForcedOrder } from "./forced-order.ts";
import { readAtomic } from "./read-atomic.ts";
import { readCommitted } from "./read-committed.ts";
import { type RegisterHistory, registerHistory } from "./register-history.ts";
import { nobody } from "./sessions.ts";

/** What the axiom of each model forces upon the commit order. */
const axioms: Readonly<Record<BeModel, (history: RegisterHistory) => ForcedOrder>> = {
  "be-read-committed": readCommitted,
  "be-read-atomic": readAtomic,
  "be-causal": causal,
};

/** The objects these models speak of. */
const workloadName = "rw-register";

/**
 * Judges a history of registers by one of Biswas and Enea's models (2019): does a total order of the
 * committed transactions exist that extends session order and reads and satisfies the model's axiom?
 * Exact both ways, up to what the history leaves unknown (see {@link registerHistory}). Where the answer
 * is no, the anomaly found is that of the weakest model broken.
 *
 * Linear in the micro-operations for short transactions; be-causal times the number of sessions that
 * run side by side.
 *
 * @throws CheckError when there is no such workload.
 */
export function checkBiswasEnea(history: History, model: BeModel, workload: string | undefined): GraphResult {
  const misfit = whyNoRegisters(history, model, workload);
  if (misfit !== null) return { anomalies: new Map(), cases: new Map(), doubts: [misfit], notes: [] };
  const findings = new Findings();
  const registers = registerHistory(transactions(history), findings);
  const anomalies = new Map<string, readonly Witness[]>();
  for (const [type, found] of findings.all())
    anomalies.set(
      type,
      found.map((finding) => findingWitness(history, finding)),
    );
  const doubts = [...registers.doubts];
  if (history.beginning !== "empty" && isUnrelated(registers))
    doubts.push("No transaction of the history depends on another, so it proves nothing.");
  const broken = weakestBroken(registers, model);
  const cases = new Map(findings.cases(history.index));
  if (broken !== null) {
    anomalies.set(cycleAnomaly(broken.model), broken.witnesses);
    cases.set(cycleAnomaly(broken.model), casesOf(broken.witnesses, true));
  }
  return { anomalies, cases, doubts, notes: registers.notes };
}

interface Broken {
  readonly model: BeModel;
  readonly witnesses: readonly Witness[];
}

/** The model asked for first: if it holds, so do the weaker ones. */
function weakestBroken(history: RegisterHistory, model: BeModel): Broken | null {
  const asked = brokenBy(history, model);
  if (asked === null) return null;
  for (const weaker of impliedBeModels(model).slice(0, -1)) {
    const broken = brokenBy(history, weaker);
    if (broken !== null) return broken;
  }
  return asked;
}

function brokenBy(history: RegisterHistory, model: BeModel): Broken | null {
  const forced = axioms[model](history);
  const found = commitOrderCycles(history, forced);
  const witnesses = commitOrderWitnesses(history, model, forced, found);
  return witnesses.length === 0 ? null : { model, witnesses };
}

function isUnrelated({ sessions, readWriter }: RegisterHistory): boolean {
  return readWriter.length === 0 && sessions.previous.every((before) => before === nobody);
}

/** Why the history is not one of registers, or null. */
function whyNoRegisters(history: History, model: BeModel, workload: string | undefined): string | null {
  if (workload !== undefined && workload !== workloadName) {
    if (!inferences.has(workload))
      throw new CheckError(
        `There is no checker "${workload}"; the model ${model} is defined for ${workloadName}.`,
      );
    return `The model ${model} is defined for registers only, so it cannot judge a history as ${workload}; choose a model of isolab list models that does not begin with be-.`;
  }
  const { length, process, mopStart, mopKind, mopShape } = history;
  for (let row = 0; row < length; row++) {
    if ((process[row] ?? -1) < 0) continue;
    for (let mop = mopStart[row] ?? 0; mop < (mopStart[row + 1] ?? 0); mop++) {
      const kind = mopKind[mop];
      const isRegister = kind === mopKindCode.r || kind === mopKindCode.w;
      if (!isRegister || mopShape[mop] === shapeCode.list)
        return (
          `The model ${model} is defined for registers only (["w",key,value] and ["r",key,value] with plain values), ` +
          `and the operation with index ${history.index[row] ?? -1} does something else.`
        );
    }
  }
  return null;
}
