import { canonicalJson } from "../../history/json-value.ts";
import type { PlanEntry } from "../../generators/plan.ts";
import { checkReproduction, type Reproduction } from "./reproduction.ts";

/** The version of `repro.json` that this code writes, under the key `isolab-repro`. */
export const reproFormat = 1;

/** The content of a `repro.json`: what to repeat, and what its verdict named. */
export interface SavedReproduction extends Reproduction {
  /** The anomalies found, sorted. */
  readonly anomalies: readonly string[];
}

/** The text is no `repro.json` that can be replayed. The message is one sentence and says what to do. */
export class MalformedReproduction extends Error {
  override readonly name = "MalformedReproduction";
}

/**
 * A reproduction as JSON, one planned operation and one move per line. Equal ones give equal bytes, however
 * their keys were ordered, and decoding and encoding again gives the same bytes.
 */
export function encodeReproJson(saved: SavedReproduction): string {
  const { anomalies, workload, variant, parameters, database, isolation, seed, plan, moves, digest } = saved;
  const { kind, version, settings } = database;
  const lines = [
    `"isolab-repro":${reproFormat}`,
    `"anomalies":${JSON.stringify([...anomalies].sort())}`,
    `"workload":${JSON.stringify(workload)}`,
    `"variant":${JSON.stringify(variant)}`,
    `"parameters":${canonicalJson(parameters)}`,
    `"isolation":${JSON.stringify(isolation)}`,
    `"database":{"kind":"${kind}","version":${JSON.stringify(version)},"settings":${canonicalJson(settings)}}`,
    `"seed":${JSON.stringify(seed)}`,
    `"plan":${listed(plan.map((entries) => listed(entries.map(entryText))))}`,
    `"moves":${listed(moves.map((move) => JSON.stringify(move)))}`,
    ...(digest === undefined ? [] : [`"digest":"${digest}"`]),
  ];
  return `{\n${lines.join(",\n")}\n}\n`;
}

/**
 * The reproduction in a text that {@link encodeReproJson} wrote, or a person edited since.
 *
 * @throws MalformedReproduction when it is no JSON, of another version, or not what it should be
 */
export function decodeReproJson(text: string): SavedReproduction {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (error) {
    throw malformed("it is no JSON", "give the repro.json of a run directory", error);
  }
  const { "isolab-repro": found, anomalies } = (whole ?? {}) as Readonly<Record<string, unknown>>;
  if (found === undefined)
    throw malformed('it has no "isolab-repro" field', "give the repro.json of a run directory");
  if (found !== reproFormat)
    throw malformed(
      `its version is ${JSON.stringify(found)}, and this isolab reads version ${reproFormat}`,
      "use the isolab that wrote it",
    );
  if (!Array.isArray(anomalies) || !anomalies.every((name) => typeof name === "string"))
    throw malformed('"anomalies" is no list of names');
  return { anomalies, ...checkReproduction(whole, malformed) };
}

function entryText({ id, session, f, args, atNanos, phase }: PlanEntry): string {
  const fields = [
    `"id":${id}`,
    `"session":${session}`,
    `"f":${JSON.stringify(f)}`,
    `"args":${canonicalJson(args)}`,
    ...(atNanos === undefined ? [] : [`"atNanos":${atNanos}`]),
    ...(phase === undefined ? [] : [`"phase":${phase}`]),
  ];
  return `{${fields.join(",")}}`;
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? "[]" : `[\n${items.join(",\n")}\n]`;
}

function malformed(
  what: string,
  advice = "correct it, or take the file as isolab wrote it",
  cause?: unknown,
): MalformedReproduction {
  return new MalformedReproduction(
    `The repro.json cannot be replayed because ${what}; ${advice}.`,
    cause === undefined ? undefined : { cause },
  );
}
