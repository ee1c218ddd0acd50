import type {
  AnomalyExplanation,
  ExplainedExample,
  Explanation,
  ModelExplanation,
} from "../../checkers/explain/explanation.ts";
import { codeBlock, escaped, markdownTable } from "../markdown/escape.ts";
import { table } from "../terminal/table.ts";
import { scheduleLegend, scheduleRows } from "./schedule.ts";

/**
 * An explanation as a section of a Markdown document.
 * @param level of its heading
 */
export function explanationMarkdown(explanation: Explanation, level = 1): string {
  const { name, alsoCalled, summary, meaning, sources } = explanation;
  const names = alsoCalled.length === 0 ? [] : [`Also called ${alsoCalled.map(code).join(", ")}.`];
  const parts = [
    `${"#".repeat(level)} ${escaped(name)}`,
    ...names,
    `**${escaped(capital(summary))}.** ${escaped(meaning)}`,
    ...(explanation.kind === "model" ? modelParts(explanation) : anomalyParts(explanation)),
    `Sources: ${sources.map(escaped).join("; ")}.`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function modelParts(model: ModelExplanation): readonly string[] {
  return [
    list([
      ["Implies", model.implies],
      ["Implied by", model.impliedBy],
      ["Forbids, beyond what those it implies forbid", named(model.adds)],
    ]),
    ...(model.levels === undefined
      ? []
      : [
          `Promised by ${
            model.levels
              .filter(({ promises }) => promises)
              .map(({ server, level }) => `${server} ${escaped(level)}`)
              .join("; ") || "no level of PostgreSQL or InnoDB"
          }.`,
        ]),
  ];
}

function anomalyParts(anomaly: AnomalyExplanation): readonly string[] {
  const { example, remedy, levels } = anomaly;
  return [
    ...(example === undefined ? [] : exampleParts(example)),
    ...(remedy === undefined ? [] : [`What helps: ${escaped(remedy)}`]),
    list([
      ["Rules out", [...anomaly.rulesOut]],
      ["Is a case of", anomaly.implies],
      ["Cases of it", anomaly.impliedBy],
    ]),
    ...(levels === undefined
      ? []
      : [
          markdownTable(
            ["server", "level", "", "how it reads"],
            levels.map(({ server, level, prevention, note = "" }) => [
              server,
              escaped(level),
              prevention,
              escaped(note),
            ]),
          ),
        ]),
  ];
}

function exampleParts(example: ExplainedExample): readonly string[] {
  const found = example.explanations.map(({ anomaly }) => code(anomaly)).join(" and ");
  return [
    codeBlock(table(scheduleRows(example)).split("\n"), "text"),
    escaped(`${example.moral} ${scheduleLegend(example)}`.trim()),
    `isolab finds ${found}:`,
    example.explanations
      .flatMap(({ sentences }) => sentences)
      .map((sentence) => `- ${escaped(sentence)}`)
      .join("\n"),
  ];
}

function list(rows: readonly (readonly [string, readonly string[]])[]): string {
  return rows
    .filter(([, names]) => names.length > 0)
    .map(([title, names]) => `- ${title}: ${names.map(code).join(", ")}`)
    .join("\n");
}

function named(anomalies: readonly string[]): readonly string[] {
  return anomalies.filter((name) => !name.endsWith("-cycle-exists"));
}

function code(text: string): string {
  return `\`${text}\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
