import { runFiles, writeRunFile } from "../runner/run-directory.ts";
import { encodeSchedule } from "../scheduler/schedule-json.ts";
import type { Outcome } from "./finding.ts";

/** Writes what belongs to a history that is in the directory: its schedule and its verdict. @throws EnvironmentError */
export function writeOutcome(directory: string, { performed, verdict }: Outcome): void {
  writeRunFile(directory, runFiles.schedule, encodeSchedule(performed.schedule));
  writeRunFile(directory, runFiles.verdict, `${JSON.stringify(verdict, null, 2)}\n`);
}
