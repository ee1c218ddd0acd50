import type { History } from "../../history/history.ts";
import { indexOf } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, readerText, told, type Told } from "./told.ts";

/**
 * Comparisons of several models: all models are shown as they were at one time (`unstable-comparison`).
 *
 * Assumes: whoever changes models does so in one transaction, and carries
 * `data.changed[model] = [version, attempt]` for each of them: it made that version, or added to it what
 * was the latest then. Comparisons are `ok` operations that carry
 * `data.compared[model] = { version, by: [attempt, …] }`: the model's latest version, and all attempts that made
 * it or added to it, as they were seen. Versions only go up, and nothing is taken away.
 *
 * A change is after a model's state where it is not among the attempts, though the version is the changed one,
 * or a lower one: the lower one was replaced before the change. It is before the state of a model that
 * shows it. Higher versions say nothing, since a change may come late to a version that was replaced. Only changes
 * that surely committed count. Linear in the attempts that comparisons show, times the models of a change.
 */
export const comparison: DomainChecker = {
  name: "comparison",
  summary: "a comparison shows all its models as they were at one time",
  anomalies: {
    "unstable-comparison":
      "a comparison has one model before a transaction and another one after it, though it changed both",
  },
  check,
};

/** One transaction that surely committed. */
interface Change {
  /** Row of the completion. */
  readonly row: number;
  readonly attempt: string;
  /** By model: the version that it made or added to. */
  readonly versions: ReadonlyMap<string, number>;
}

/** One model as a comparison showed it. */
interface State {
  readonly version: number;
  readonly by: ReadonlySet<string>;
}

/** A change that a comparison showed in one model, and not in another. */
interface Torn {
  readonly reader: Told;
  readonly change: Change;
  readonly before: string;
  readonly after: string;
}

function check(history: History): DomainResult {
  const changes = changesOf(history);
  const cases = new Map<string, Torn>();
  for (const reader of told(history)) {
    const states = statesIn(reader);
    for (const [after, { by }] of states)
      for (const attempt of by) {
        const change = changes.get(attempt);
        // One case for a reader and a change is enough, however many models they have in common.
        const id = JSON.stringify([reader.row, attempt]);
        if (change === undefined || !change.versions.has(after) || cases.has(id)) continue;
        const before = [...change.versions].find(([model, version]) =>
          isBefore(states.get(model), version, attempt),
        );
        if (before !== undefined) cases.set(id, { reader, change, before: before[0], after });
      }
  }
  const witnesses = [...cases.values()].map((torn) => witness(history, torn));
  return { anomalies: casesByAnomaly({ "unstable-comparison": witnesses }), notes: [] };
}

/** Whether a model was seen as it was before a change. */
function isBefore(state: State | undefined, version: number, attempt: string): boolean {
  return state !== undefined && !state.by.has(attempt) && state.version <= version;
}

function changesOf(history: History): ReadonlyMap<string, Change> {
  const changes = new Map<string, Change>();
  for (const { row, data } of told(history)) {
    const versions = new Map<string, number>();
    let by: string | undefined;
    for (const [model, changed] of members(member(data, "changed"))) {
      const [version, attempt] = listOf(changed);
      if (typeof version !== "number" || typeof attempt !== "string") continue;
      versions.set(model, version);
      by = attempt;
    }
    if (by !== undefined) changes.set(by, { row, attempt: by, versions });
  }
  return changes;
}

function statesIn({ data }: Told): ReadonlyMap<string, State> {
  return new Map(
    members(member(data, "compared")).flatMap(([model, shown]) => {
      const version = member(shown, "version");
      const by = listOf(member(shown, "by") ?? []).filter((attempt) => typeof attempt === "string");
      return typeof version === "number" ? [[model, { version, by: new Set(by) }] as const] : [];
    }),
  );
}

function witness(history: History, { reader, change, before, after }: Torn): Witness {
  const { row, attempt } = change;
  return caseOf(
    history,
    [row, reader.row],
    `${readerText(history, reader)} compared ${valueText(after)} as it was after ${valueText(attempt)} ` +
      `(index ${indexOf(history, row)}) with ${valueText(before)} as it was before, though ${valueText(attempt)} changed both at once`,
  );
}
