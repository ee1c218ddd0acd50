import { join } from "node:path";

import type { Finding } from "../campaign/finding.ts";
import type { DatabaseDescription } from "../history/header.ts";
import type { ReproTitle } from "../report/reproduction/repro-sql.ts";
import type { Reproduction } from "../report/reproduction/reproduction.ts";
import type { RunConfig } from "../runner/run-config.ts";
import { saveWitnesses } from "./save-witnesses.ts";

/** What was written for a person to take along. */
export interface SavedFiles {
  readonly directory: string;
  /** Names in the directory. */
  readonly files: readonly string[];
  /** What replays it without a file; undefined when it would be too long. */
  readonly token: string | undefined;
}

/**
 * Writes the smallest execution that shows a finding as `repro.json`, `repro.sql` and, for PostgreSQL, a
 * `repro.spec`, beside its history, with the explained witness.
 * @throws EnvironmentError when a file cannot be written
 */
export async function saveReproduction(
  finding: Finding,
  config: RunConfig,
  database: DatabaseDescription,
  directory: string,
): Promise<SavedFiles> {
  const { historyDigest } = await import("../campaign/history-digest.ts");
  const { runFiles, writeRunFile } = await import("../runner/run-directory.ts");
  const { encodeReproJson } = await import("../report/reproduction/repro-json.ts");
  const { reproSql } = await import("../report/reproduction/repro-sql.ts");
  const { plan, performed, verdict } = finding.shrunk ?? finding;
  const where = finding.shrunk?.directory ?? directory;
  const { trace, schedule } = performed;
  const reproduction: Reproduction = {
    workload: config.workload.name,
    variant: config.variantName,
    parameters: config.parameters,
    database,
    isolation: config.isolation,
    seed: plan.seed,
    plan: plan.sessions,
    moves: schedule.steps.map(({ move }) => move),
    digest: historyDigest(join(where, runFiles.history)),
  };
  const title = {
    anomaly: finding.anomaly,
    workload: `${config.workload.name}:${config.variantName}`,
    finding: withoutName(verdict.anomalies[finding.anomaly]?.[0]?.explanation, finding.anomaly),
  };
  const texts: Record<string, string> = {
    "repro.json": encodeReproJson({ ...reproduction, anomalies: verdict.observed }),
    "repro.sql": reproSql(trace, title),
    ...(await spec(finding, title)),
  };
  for (const [name, text] of Object.entries(texts)) writeRunFile(where, name, text);
  const [witness] = verdict.anomalies[finding.anomaly] ?? [];
  if (witness !== undefined)
    await saveWitnesses(where, { ...verdict, anomalies: { [finding.anomaly]: [witness] } }, true);
  return {
    directory: where,
    files: Object.keys(texts).map((name) => join(where, name)),
    token: await tokenOf(reproduction),
  };
}

async function spec(finding: Finding, title: ReproTitle): Promise<Record<string, string>> {
  const { isolationSpec } = await import("../report/reproduction/isolation-spec.ts");
  const { UnwritableSpec } = await import("../report/reproduction/spec-plan.ts");
  const { trace } = (finding.shrunk ?? finding).performed;
  if (trace.database.kind !== "postgres") return {};
  try {
    return { "repro.spec": isolationSpec(trace, title) };
  } catch (error) {
    // What a spec cannot say, as a fault, repro.sql says.
    if (error instanceof UnwritableSpec) return {};
    throw error;
  }
}

/** Undefined where it would be too long to be pasted. */
async function tokenOf(reproduction: Reproduction): Promise<string | undefined> {
  const { BadToken, encodeToken } = await import("../report/reproduction/token.ts");
  try {
    return encodeToken(reproduction);
  } catch (error) {
    if (error instanceof BadToken && error.reason === "too-long") return undefined;
    throw error;
  }
}

/** Some explanations begin with the anomaly's name, which stands above it here. */
function withoutName(explanation: string | undefined, anomaly: string): string {
  if (explanation === undefined) return anomaly;
  return explanation.startsWith(`${anomaly}: `) ? explanation.slice(anomaly.length + 2) : explanation;
}
