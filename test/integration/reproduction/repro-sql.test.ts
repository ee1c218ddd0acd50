import { expect, test } from "vitest";

import { stepsOf } from "../../../src/report/reproduction/read-repro.ts";
import { reproSql } from "../../../src/report/reproduction/repro-sql.ts";
import { resultLines } from "../../../src/report/reproduction/result-lines.ts";
import { freshRun } from "../../support/databases.ts";
import { serverUrls, type SharedServer } from "../../support/servers.ts";
import { LockStep } from "./lock-step.ts";
import { scenarios, traceOf } from "./scenarios.ts";

const cases = serverUrls().flatMap((server) =>
  scenarios
    .filter(({ dialects }) => dialects.includes(server.dialect))
    .map((scenario) => ({ name: scenario.name, kind: server.kind, scenario, server })),
);

test.each(cases)(
  "what $name says it observed on $kind is what a repetition gives",
  async ({ scenario, server }) => {
    const trace = await traceOf(scenario, server);
    const title = { anomaly: scenario.name, workload: "account:naive", finding: "Something went wrong." };
    // A name of its own, so that several tests can run at once.
    const text = reproSql(trace, title).replaceAll("isolab_repro", `isolab_r_${freshRun()}`);
    if (process.env.SHOW_REPRO !== undefined) console.log(text);

    const { claimed, seen } = await repeat(text, server);
    expect(seen).toEqual(claimed);
    const told = scenario.lines.filter(([, sql]) => /^[a-z]/.test(sql) && sql !== "kill").length;
    expect(claimed.filter((notes) => notes.length > 0).length).toBeGreaterThanOrEqual(
      told + trace.rest.length,
    );
  },
);

/** What the comments below each statement say, and what playing the statements one by one gave. */
async function repeat(
  text: string,
  server: SharedServer,
): Promise<{
  readonly claimed: readonly (readonly string[])[];
  readonly seen: readonly (readonly string[])[];
}> {
  const claimed: (readonly string[])[] = [];
  const seen: string[][] = [];
  const waiting = new Map<string, string>();
  const steps = await LockStep.open(server);
  try {
    for (const { session, sql, notes } of stepsOf(text)) {
      const facts = notes.filter(isFact).map((note) => note.replace(/^waits for .*$/, "waits"));
      claimed.push(facts);
      const now: string[] = [];
      for (const happened of await steps.play(session, sql)) {
        if (happened.type === "blocked") {
          waiting.set(happened.session, sql);
          now.push("waits");
          continue;
        }
        const waited = waiting.get(happened.session);
        const [first = "", ...more] = resultLines(waited ?? sql, happened.result);
        if (waited !== undefined) now.push(`${happened.session} goes on: ${first}`, ...more);
        else if (
          (session !== "control" && !/^(?:begin|start|commit|rollback)/i.test(sql)) ||
          first.startsWith("ERROR")
        )
          now.push(first, ...more);
        waiting.delete(happened.session);
      }
      if (facts.length > 0) seen.push(now);
      else {
        seen.push([]);
        expect(now.filter((line) => line.startsWith("ERROR"))).toEqual([]);
      }
    }
  } finally {
    await steps.close();
  }
  return { claimed, seen };
}

function isFact(note: string): boolean {
  return /^(?:waits|\d+ rows?\b|ok$|ERROR |\w goes on: | {2})/.test(note);
}
