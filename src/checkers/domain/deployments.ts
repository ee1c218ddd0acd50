import { type History, mopKindCode, typeCode } from "../../history/history.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, readerText, restFirst, told, type Told } from "./told.ts";

/**
 * Deployments of model versions, which register a version, put it into production and describe it: all of
 * that is there or none (`half-deployed`), and a later version is not replaced by an earlier one
 * (`outdated-in-production`).
 *
 * Assumes: a deployment gives its version the next number, adds its attempt to the model's set, and is one
 * thing to its users: so a half of it is wrong whatever became of it, also where its outcome is
 * unknown. Reads are `ok` operations that carry
 * `data.deployments[model] = [[attempt, { version, stage, promoted, described }], …]`, all versions of the model as
 * one statement showed them; `promoted` says that the version is in production or was. Nothing that a
 * deployment did is taken back but by the failure of all of it, except that others put their version in its place.
 * Linear.
 */
export const deployments: DomainChecker = {
  name: "deployments",
  summary: "a deployment is there with all its steps or not at all, and replaces earlier versions only",
  anomalies: {
    "half-deployed": "a version is there without all that its deployment does",
    "outdated-in-production": "a version is in production though a later one had been put there before",
  },
  check,
};

/** One version as a read showed it. */
interface Deployed {
  readonly attempt: string;
  readonly version: number;
  readonly inProduction: boolean;
  readonly promoted: boolean;
  readonly described: boolean;
}

/** All versions of a model as one statement showed them. */
interface ModelRead {
  readonly reader: Told;
  readonly model: string;
  readonly versions: readonly Deployed[];
}

function check(history: History): DomainResult {
  const reads = restFirst(readsOf(history));
  const rows = rowsOf(history);
  const half = new Map<string, Witness>();
  const outdated = new Map<string, Witness>();
  for (const read of reads) {
    for (const one of read.versions) {
      const id = JSON.stringify([read.model, one.attempt, one.promoted, one.described]);
      if ((one.promoted && one.described) || half.has(id)) continue;
      half.set(id, halfWitness(history, read, one, rows));
    }
    const latest = read.versions.filter(({ promoted }) => promoted).reduce(later, undefined);
    for (const one of read.versions) {
      if (!one.inProduction || latest === undefined || latest.version <= one.version) continue;
      const id = JSON.stringify([read.model, one.attempt]);
      if (!outdated.has(id)) outdated.set(id, outdatedWitness(history, read, [one, latest], rows));
    }
  }
  const anomalies = { "half-deployed": [...half.values()], "outdated-in-production": [...outdated.values()] };
  return { anomalies: casesByAnomaly(anomalies), notes: [] };
}

function later(one: Deployed | undefined, other: Deployed): Deployed {
  return one !== undefined && one.version >= other.version ? one : other;
}

function readsOf(history: History): readonly ModelRead[] {
  return [...told(history)].flatMap((reader) =>
    members(member(reader.data, "deployments")).map(([model, shown]) => ({
      reader,
      model,
      versions: listOf(shown).flatMap((pair) => {
        const [attempt, state] = listOf(pair);
        const version = member(state, "version");
        if (typeof attempt !== "string" || typeof version !== "number") return [];
        const inProduction = member(state, "stage") === "production";
        const promoted = member(state, "promoted") === true;
        return [{ attempt, version, inProduction, promoted, described: member(state, "described") === true }];
      }),
    })),
  );
}

/** By attempt: the completion of the operation that adds it, unless it surely failed. */
function rowsOf(history: History): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== typeCode.ok && history.type[row] !== typeCode.info) continue;
    for (let mop = history.mopStart[row] ?? 0; mop < (history.mopStart[row + 1] ?? 0); mop++) {
      const element = history.values[history.mopValue[mop] ?? 0];
      if (history.mopKind[mop] === mopKindCode.add && typeof element === "string") rows.set(element, row);
    }
  }
  return rows;
}

function halfWitness(
  history: History,
  { reader, model }: ModelRead,
  { attempt, version, inProduction, promoted, described }: Deployed,
  rows: ReadonlyMap<string, number>,
): Witness {
  const row = rows.get(attempt);
  const lacks = sentenceList([
    ...(promoted ? [] : ["had not been put into production"]),
    ...(described ? [] : ["had no metadata"]),
  ]);
  return caseOf(
    history,
    [...(row === undefined ? [] : [row]), reader.row],
    `version ${version} of ${valueText(model)}, deployed by ${who(history, attempt, row)}, ` +
      `${inProduction ? "was in production and " : ""}${lacks}, as ${readerText(history, reader)} saw`,
  );
}

function outdatedWitness(
  history: History,
  { reader, model }: ModelRead,
  [one, latest]: readonly [Deployed, Deployed],
  rows: ReadonlyMap<string, number>,
): Witness {
  const made = [one, latest].map(({ attempt }) => rows.get(attempt));
  return caseOf(
    history,
    [...made.filter((row) => row !== undefined), reader.row],
    `version ${one.version} of ${valueText(model)} (${who(history, one.attempt, made[0])}) was in production, as ` +
      `${readerText(history, reader)} saw, though the later version ${latest.version} ` +
      `(${who(history, latest.attempt, made[1])}) had been put there`,
  );
}

function who(history: History, attempt: string, row: number | undefined): string {
  return row === undefined ? valueText(attempt) : `${valueText(attempt)} at index ${indexOf(history, row)}`;
}
