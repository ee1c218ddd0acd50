import { wrap } from "../../report/explanation/wrap.ts";
import { isolationClause } from "../isolation-name.ts";
import type { RaceSurroundings } from "../explore-race.ts";
import type { RaceDiagnosis, RaceFinding, RaceResult } from "../race-result.ts";
import { replayIn } from "../search/race-token.ts";

/** The widest line of prose. */
const width = 96;

/** Everything a result says, as text for a terminal. */
export function raceReport(result: Omit<RaceResult, "report">, surroundings: RaceSurroundings): string {
  const { finding } = result;
  const paragraphs =
    finding === undefined
      ? [headline(result), ...result.notes]
      : [...found(result, finding, surroundings), ...result.notes];
  return paragraphs.join("\n\n");
}

/** Whoever else finds it in the environment would take it for its own. */
const alone = "in the environment of this test, run alone; or the race's option `replay`";

function headline(result: Omit<RaceResult, "report">): string {
  const searched = `${count(result.schedules, "schedule")} ${where(result)}`;
  if (result.valid === "unknown") return `Unknown: ${searched}, which prove nothing.`;
  const extent =
    result.complete === true ? "; these are all there are" : `, ${result.distinct} of them different`;
  return `No race found in ${searched}${extent}.`;
}

function found(
  result: Omit<RaceResult, "report">,
  finding: RaceFinding,
  { command, race }: RaceSurroundings,
): readonly string[] {
  const { name, message, statements, switches, sessions } = finding;
  const what = finding.kind === "invariant" ? `The invariant "${name}" is broken: ${message}` : message;
  const place = `Schedule ${finding.schedule + 1} ${where(result)} shows it; seed ${result.seed}.`;
  const size = `${count(sessions.length, "session")}, ${count(statements, "statement")}, ${count(switches, "switch", "switches")}:`;
  return [
    prose(what),
    `${place}\n${size}`,
    indented(finding.interleaving),
    finding.endings.map((ending) => prose(`  ${ending}`)).join("\n"),
    ...anomaliesText(finding),
    ...diagnosisText(finding.diagnosis),
    `Once more, step by step the same:\n  ISOLAB_REPLAY=${replayIn(race, finding.replay)} ${command ?? alone}`,
  ];
}

/** The anomaly that tells most comes first, as one case in words; the others by name. */
const tellingFirst = ["lost-update", "write-skew", "G1a", "G1b"];

function anomaliesText({ kind, name, anomalies, witnesses }: RaceFinding): readonly string[] {
  const told = tellingFirst.find((one) => anomalies.includes(one)) ?? anomalies[0];
  if (told === undefined) return [];
  const witness = witnesses[anomalies.indexOf(told)] ?? told;
  // Write skew is found as a circle of the more general name.
  const isTold = (one: string): boolean => one === told || (told === "write-skew" && one === "G2-item");
  const others = anomalies.filter((one) => !isTold(one));
  const also = others.length === 0 ? "" : `\nThe rows prove as well: ${others.join(", ")}.`;
  const isSaid = kind === "anomaly" && name === told;
  return [prose(`${isSaid ? "" : `The rows prove ${witness}`}${also}`.trim())].filter((text) => text !== "");
}

function diagnosisText(diagnosis: RaceDiagnosis | undefined): readonly string[] {
  if (diagnosis === undefined) return [];
  const causes = {
    level: "It is a matter of the isolation level: no schedule at SERIALIZABLE shows it.",
    scope:
      "It is a matter of scope: SERIALIZABLE shows it too. What is checked and what is done are not in one transaction, so no level helps. Put both into one, and see then which level or lock it needs; or let one statement do both, and look at how many rows it touched.",
    sequential: "It takes no concurrency: one function after another leads to it.",
    unknown: "Whether a higher level helps could not be learnt.",
  };
  const remedies = diagnosis.remedies.map(({ name, change, helps, complete, schedules }) => {
    const extent = `${complete ? "all " : ""}${count(schedules, "schedule")} tried`;
    const data = name === "unique index" ? uniqueness(change) : "";
    const what = name === "SERIALIZABLE with retry" ? "" : `: ${change}${data}`;
    return prose(`  ${helps ? "✓ helps" : "✗ does not help"}: ${name} (${extent})${what}`);
  });
  const tried = remedies.length === 0 ? "" : `\nTried, to mend it:\n${remedies.join("\n")}`;
  const rest = diagnosis.complete
    ? ""
    : "\nThere was no time to try everything: allow the test more time (its timeout, or `timeLimitMs`).";
  return [prose(causes[diagnosis.cause]) + tried + rest];
}

/** What a unique index asks of all rows that there will ever be: that it helps is not to say that it is meant. */
function uniqueness(create: string): string {
  const columns = (/\(([^)]*)\)$/.exec(create)?.[1] ?? "").split(", ").join(" and ");
  return ` (only where no two rows may ever have the same ${columns})`;
}

function where({
  database,
  isolation,
  levels,
}: Pick<RaceResult, "database" | "isolation" | "levels">): string {
  const { chosen, others } = levels;
  const given = isolation === undefined ? " (the default)" : "";
  const rest =
    others.length === 0 ? "the default level" : `${others.map(isolationClause).join(" and ")}${given}`;
  const level =
    chosen.length === 0
      ? rest
      : `${chosen.map(isolationClause).join(" and ")} where the code chooses it, else ${rest},`;
  const product = { postgres: "PostgreSQL", mysql: "MySQL", mariadb: "MariaDB" }[database.kind];
  return `at ${level} on ${product} ${database.version}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function prose(text: string): string {
  return text
    .split("\n")
    .flatMap((line) => {
      const indent = /^ */.exec(line)?.[0] ?? "";
      return wrap(line.trim(), width - indent.length).map(
        (part, i) => `${indent}${i > 0 && indent !== "" ? "  " : ""}${part}`,
      );
    })
    .join("\n");
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
