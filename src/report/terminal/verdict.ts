import { witnessView } from "../../checkers/explain/witness-view.ts";
import type { Verdict, Witness } from "../../checkers/verdict.ts";
import { availabilityText } from "./availability.ts";
import { outcomesText } from "./outcomes.ts";
import { table } from "./table.ts";
import type { Style } from "./style.ts";

/** A verdict for a person: the answer first, then each anomaly with its shortest witness. */
export function verdictText(verdict: Verdict, style: Style): string {
  const parts = [headline(verdict, style), countsText(verdict, style)];
  for (const name of verdict.anomalyTypes)
    parts.push(anomalyText(name, verdict, style.bad(style.strong(name)), style));
  const allowed = verdict.observed.filter((name) => !verdict.anomalyTypes.includes(name));
  if (allowed.length > 0) {
    parts.push(style.strong(`Seen, and allowed by ${verdict.model}:`) + ` ${allowed.join(", ")}`);
    for (const name of allowed) parts.push(anomalyText(name, verdict, style.unsure(name), style));
  }
  if (verdict.not.length > 0)
    parts.push(`Not ${verdict.not.join(", not ")}; so neither ${verdict.alsoNot.join(", ")}.`);
  for (const note of verdict.notes) parts.push(style.faint(`Note: ${note}`));
  const under = underFaults(verdict, style);
  if (under !== "") parts.push(under);
  return parts.join("\n\n");
}

/** What became of operations that nobody knows the outcome of, and how the server bore the faults; at most four lines. */
function underFaults({ outcomes, availability }: Verdict, style: Style): string {
  const measured = availability === undefined ? undefined : availabilityText(availability, style);
  return [
    ...(outcomes === undefined ? [] : [outcomesText(outcomes)]),
    ...(measured === undefined ? [] : [measured]),
  ].join("\n");
}

function headline({ valid, model, anomalyTypes, because }: Verdict, style: Style): string {
  const judges = `${model} or the workload's invariants forbid`;
  switch (valid) {
    case true:
      return `${style.good(style.strong("✓ valid"))}: nothing that ${judges} was found`;
    case false:
      return `${style.bad(style.strong(`✗ invalid: ${anomalyTypes.join(", ")}`))} (what ${judges})`;
    case "unknown":
      return style.unsure(style.strong("? unknown")) + `: ${because ?? "the history proves too little"}`;
  }
}

function countsText({ counts }: Verdict, style: Style): string {
  const rows = Object.entries(counts.byF).map(([f, { ok, fail, info }]) => [
    f,
    `${ok}`,
    `${fail}`,
    `${info}`,
  ]);
  return table([["operation", "ok", "fail", "info"].map((head) => style.faint(head)), ...rows]);
}

/** An anomaly with its shortest witness in words; `title` is its name as it is to be shown. */
export function anomalyText(
  name: string,
  { anomalies }: Pick<Verdict, "anomalies">,
  title: string,
  style: Style,
): string {
  const [witness] = anomalies[name] ?? [];
  return witness === undefined ? title : `${title}\n${witnessText(witness, name, style)}`;
}

/** A cycle as who did what and a line per edge; anything else as its explanation. */
function witnessText(witness: Witness, name: string, style: Style): string {
  // The line above says the name already.
  if (witness.steps.length === 0) return `  ${witness.explanation.replace(`${name}: `, "")}`;
  const { transactions, steps } = witnessView(witness);
  const who = transactions.map(({ name, operation, lines }) => {
    const did = lines
      .map(({ text, decides }) => (decides ? text : style.faint(text)))
      .join(style.faint(", "));
    return `${name} is ${operation}: ${did}`;
  });
  const why = steps.map(
    ({ type, sentence, decides }) =>
      `${style.faint(type.padEnd(8))} ${decides ? style.strong(sentence) : sentence}`,
  );
  return [...who, ...why].map((line) => `  ${line}`).join("\n");
}
