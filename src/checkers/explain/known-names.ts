import { aliases } from "../models/descriptions/aliases.ts";
import { anomalyDescriptions } from "../models/descriptions/anomaly-descriptions.ts";
import { modelDescriptions } from "../models/descriptions/model-descriptions.ts";
import { canonicalModel, isModel, modelNames, models } from "../models/names.ts";

/** A name as it was understood. */
export interface KnownName {
  readonly kind: "model" | "anomaly";
  /** Canonical. */
  readonly name: string;
}

/** A bound: how many similar names are offered for one that does not exist. */
const suggestions = 5;

/** Every anomaly, kindred ones together. */
export const anomalyNames: readonly string[] = Object.keys(anomalyDescriptions);

/** What a name stands for: a model (canonical or friendly), an anomaly, or another name of either. */
export function lookUp(name: string): KnownName | undefined {
  const wanted = name.trim();
  const direct = exactly(wanted);
  if (direct !== undefined) return direct;
  const folded = fold(wanted);
  const spelled = [...allNames(), ...Object.keys(aliases)].find((known) => fold(known) === folded);
  if (spelled === undefined) return undefined;
  return exactly(aliases[spelled] ?? spelled);
}

/** The names nearest to one that does not exist, nearest first. @param among all that are known unless given */
export function similarNames(
  name: string,
  among: readonly string[] = [...allNames(), ...Object.keys(aliases)],
): readonly string[] {
  const folded = fold(name);
  const rated = among.map((known) => ({
    known,
    distance: rate(folded, fold(known)),
  }));
  const limit = Math.max(2, Math.ceil(folded.length / 2));
  return rated
    .filter(({ distance }) => distance <= limit)
    .sort((one, two) => one.distance - two.distance || (one.known < two.known ? -1 : 1))
    .slice(0, suggestions)
    .map(({ known }) => known);
}

function exactly(name: string): KnownName | undefined {
  if (isModel(name)) return { kind: "model", name: canonicalModel(name) };
  return Object.hasOwn(anomalyDescriptions, name) ? { kind: "anomaly", name } : undefined;
}

function allNames(): readonly string[] {
  return [...new Set([...modelNames(), ...models, ...Object.keys(modelDescriptions), ...anomalyNames])];
}

/** Case, blanks and underscores do not matter. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, "-");
}

/** Edit distance; a name that contains the other is near. */
function rate(one: string, two: string): number {
  const contains = one.length > 2 && (two.includes(one) || one.includes(two)) ? 1 : Infinity;
  return Math.min(contains, editDistance(one, two));
}

/** Levenshtein's distance, by the two-row method: quadratic in the length of names. */
function editDistance(one: string, two: string): number {
  let row = Array.from({ length: two.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= two.length; j++) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === two[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[two.length] ?? 0;
}
