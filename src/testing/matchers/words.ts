import { anomalyText } from "../../report/terminal/verdict.ts";
import { plain } from "../../report/terminal/style.ts";
import type { Answer } from "./answer.ts";

/** A bound: of more anomalies than this the names are enough. */
const explained = 3;

/** An answer for a person: the sentence, and the shortest witness of each anomaly it rests on. */
export function words({ holds, sentence, anomalies }: Answer): string {
  const witnesses = Object.keys(anomalies)
    .slice(0, explained)
    .map((name) => anomalyText(name, { anomalies }, name, plain));
  const head = /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
  const unproven =
    holds === "unknown" ? ["What proves nothing passes neither this expectation nor its opposite."] : [];
  return [head, ...witnesses, ...unproven].join("\n\n");
}
