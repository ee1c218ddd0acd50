import type {
  AnomalyExplanation,
  ExplainedExample,
  Explanation,
  ModelExplanation,
} from "../../checkers/explain/explanation.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { scheduleLegend, scheduleRows } from "./schedule.ts";
import { wrap } from "./wrap.ts";

const width = 92;
const indent = "  ";

/** An explanation for a terminal: what it is first, then an example, its neighbours, and who prevents it. */
export function explanationText(explanation: Explanation, style: Style): string {
  const parts = [heading(explanation, style), paragraph(explanation.meaning)];
  if (explanation.kind === "model") parts.push(...modelParts(explanation, style));
  else parts.push(...anomalyParts(explanation, style));
  parts.push(section("Sources", explanation.sources.map(source).join("\n"), style));
  return parts.join("\n\n");
}

function heading({ name, kind, alsoCalled, summary }: Explanation, style: Style): string {
  const names = alsoCalled.length === 0 ? "" : `, also called ${alsoCalled.join(", ")}`;
  const title = kind === "model" ? "a consistency model" : "an anomaly";
  return `${style.strong(name)} ${style.faint(`${title}${names}`)}\n\n${paragraph(`${capital(summary)}.`)}`;
}

function modelParts(model: ModelExplanation, style: Style): readonly string[] {
  const neighbours = [
    ["implies", [...model.implies, ...model.impliesInTurn].join(", ")],
    ["implied by", model.impliedBy.join(", ")],
    ["forbids", named(model.adds.length > 0 ? model.adds : model.forbids)],
    [
      "and, with weaker models,",
      model.adds.length > 0 ? named(model.forbids.filter((name) => !model.adds.includes(name))) : "",
    ],
  ] as const;
  const levels = model.levels?.map(({ server, level, promises, note }) => [
    server,
    level,
    promises ? style.good("promised") : style.bad("not promised"),
    style.faint(note ?? ""),
  ]);
  return [
    lists(neighbours, style),
    ...(model.forbids.length === 0
      ? [paragraph("No anomaly is tied to this model, so isolab never says that it was broken.")]
      : []),
    ...(levels === undefined ? [] : [section("Which levels promise it", table(levels), style, indent)]),
  ];
}

/** Those with a shape of their own; that some circle exists goes without saying. */
function named(anomalies: readonly string[]): string {
  return anomalies.filter((name) => !name.endsWith("-cycle-exists")).join(", ");
}

function anomalyParts(anomaly: AnomalyExplanation, style: Style): readonly string[] {
  const neighbours = [
    ["rules out", anomaly.rulesOut.join(", ")],
    ["and so", anomaly.alsoRulesOut.join(", ")],
    ["is a case of", anomaly.implies.join(", ")],
    ["cases of it", anomaly.impliedBy.join(", ")],
  ] as const;
  const levels = anomaly.levels?.map(({ server, level, prevention, note }) => [
    server,
    level,
    paint(prevention, style),
    style.faint(note ?? ""),
  ]);
  return [
    ...(anomaly.example === undefined ? [] : [exampleText(anomaly.example, style)]),
    ...(anomaly.remedy === undefined ? [] : [section("What helps", paragraph(anomaly.remedy), style)]),
    lists(neighbours, style),
    ...(levels === undefined ? [] : [section("Who prevents it", table(levels), style, indent)]),
  ].filter((part) => part !== "");
}

function exampleText(example: ExplainedExample, style: Style): string {
  const [head = [], ...rows] = scheduleRows(example);
  const found = example.explanations.map(({ anomaly, sentences }) => {
    const lines = sentences.flatMap((sentence) =>
      // The heading says the name already.
      wrap(sentence.replace(`${anomaly}: `, ""), width - 4).map((line, i) =>
        i === 0 ? `  ${line}` : `    ${line}`,
      ),
    );
    return [`isolab finds ${style.bad(anomaly)}:`, ...lines].join("\n");
  });
  const body = [
    table([
      head.map((text) => style.faint(text)),
      ...rows.map(([at = "", ...rest]) => [style.faint(at), ...rest]),
    ]),
    [...wrap(example.moral, width)].join("\n"),
    style.faint(wrap(scheduleLegend(example), width).join("\n")),
    ...found,
  ].join("\n\n");
  return section("Example", body, style, indent);
}

function paint(prevention: string, style: Style): string {
  if (prevention === "prevented") return style.good(prevention);
  return prevention === "can occur" ? style.bad(prevention) : style.unsure(prevention);
}

/** Name and list in two columns, lists wrapped; empty ones left out. */
function lists(rows: readonly (readonly [string, string])[], style: Style): string {
  const filled = rows.filter(([, list]) => list !== "");
  const column = Math.max(0, ...filled.map(([name]) => name.length)) + 2;
  return filled
    .flatMap(([name, list]) =>
      wrap(list, width - column).map(
        (line, i) =>
          `${indent}${i === 0 ? style.faint(name) + " ".repeat(column - name.length) : " ".repeat(column)}${line}`,
      ),
    )
    .join("\n");
}

function section(title: string, body: string, style: Style, by = ""): string {
  return `${style.strong(title)}\n${body.replaceAll(/^(?=.)/gm, by)}`;
}

function paragraph(text: string): string {
  return wrap(text, width)
    .map((line) => indent + line)
    .join("\n");
}

function source(text: string): string {
  return wrap(text, width - 2)
    .map((line, i) => `${indent}${i === 0 ? "· " : "  "}${line}`)
    .join("\n");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
