import type { History } from "../../history/history.ts";
import { elementText, indexOf, keyText, sentenceList } from "../explain/describe.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { futileRetries } from "./futile-retries.ts";
import { caseOf, casesByAnomaly } from "./told.ts";
import { type Registration, versionFacts } from "./version-facts.ts";

/**
 * The model registry's own invariants: every committed registration of a model has a version of its
 * own (`duplicate-version`) and can still be read when everything has ended (`missing-version`); and none
 * that failed had tried again where trying again was of no use (`futile-retry`, see {@link futileRetries}).
 *
 * Assumes: registrations are `ok` operations that add one element to the model's set,
 * with `data.version` where the application knew the number it took; reads carry
 * `data.versions[model]`, parallel to the elements; reads at rest (f `read-at-rest`) come after
 * everything else and see every committed row; rows are never deleted and never change their version.
 * A registration whose version nobody reported is not compared. Registrations of unknown outcome are
 * not accused. A model that was not read at rest is not searched for missing ones.
 */
export const versions: DomainChecker = {
  name: "versions",
  summary:
    "the registry gives each registration of a model a version of its own, loses none, and lets none try again in vain",
  anomalies: {
    "duplicate-version": "two committed registrations of one model have the same version",
    "missing-version": "a committed registration cannot be read when everything has ended",
    "futile-retry":
      "a registration failed although it was tried again: within its transaction nothing could help any more",
  },
  check,
};

function check(history: History): DomainResult {
  const { registrations, atRest, atRestRow } = versionFacts(history);
  const missing = registrations.filter(({ key, element }) => atRest.get(key)?.has(element) === false);
  const duplicates = [...groupByVersion(registrations).values()].filter((group) => group.length > 1);
  const anomalies = casesByAnomaly({
    "duplicate-version": duplicates.map((group) => duplicateWitness(history, group)),
    "missing-version": missing.map((one) => missingWitness(history, one, atRestRow.get(one.key) ?? one.row)),
    "futile-retry": futileRetries(history),
  });
  return { anomalies, notes: gapNotes(history, registrations) };
}

function groupByVersion(registrations: readonly Registration[]): ReadonlyMap<string, Registration[]> {
  const groups = new Map<string, Registration[]>();
  for (const registration of registrations) {
    const { key, version } = registration;
    if (version === null) continue;
    const id = `${key} ${version}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [registration]);
    else group.push(registration);
  }
  return groups;
}

function duplicateWitness(history: History, group: readonly Registration[]): Witness {
  const [first] = group;
  const to = group.map(
    ({ row, element }) => `to ${elementText(history, element)} (index ${indexOf(history, row)})`,
  );
  return caseOf(
    history,
    group.map(({ row }) => row),
    `version ${first?.version ?? ""} of ${keyText(history, first?.key ?? 0)} was given ${sentenceList(to)}`,
  );
}

function missingWitness(history: History, { row, key, element }: Registration, readRow: number): Witness {
  return caseOf(
    history,
    [row, readRow],
    `${elementText(history, element)} was registered in ${keyText(history, key)} and committed ` +
      `(index ${indexOf(history, row)}), but the read at rest (index ${indexOf(history, readRow)}) does not show it`,
  );
}

/** A gap is legal (a failed transaction may have taken the number), yet worth telling: one note, however many. */
function gapNotes(history: History, registrations: readonly Registration[]): readonly string[] {
  const byKey = new Map<number, Set<number>>();
  for (const { key, version } of registrations)
    if (version !== null) byKey.set(key, (byKey.get(key) ?? new Set()).add(version));
  const gaps = [...byKey].flatMap(([key, taken]) => {
    const sorted = [...taken].sort((a, b) => a - b);
    const gap = sorted.findIndex((version, i) => i > 0 && version > (sorted[i - 1] ?? 0) + 1);
    return gap < 1 ? [] : [{ key, after: sorted[gap - 1] ?? 0 }];
  });
  const [first] = gaps;
  if (first === undefined) return [];
  const name = keyText(history, first.key);
  const where =
    gaps.length === 1
      ? `The versions of ${name} have a gap`
      : `The versions of ${gaps.length} models have gaps, those of ${name}`;
  return [`${where} after ${first.after}: no committed registration has version ${first.after + 1}.`];
}
