import { mopText } from "../../checkers/explain/value-text.ts";
import type { Example, ExampleStep } from "../../checkers/models/descriptions/examples/example.ts";

/**
 * An example as rows of a table, the head first: the number of each step, and a column per session in
 * which what it does stands in the row of its step. So time runs down and sessions stand side by side.
 */
export function scheduleRows({ steps }: Pick<Example, "steps">): readonly (readonly string[])[] {
  const sessions = [...new Set(steps.map(([session]) => session))].sort((a, b) => a - b);
  const head = ["", ...sessions.map((session) => `session ${session}`)];
  const rows = steps.map(([session, action], i) => [
    `${i + 1}`,
    ...sessions.map((other) => (other === session ? actionText(action) : "")),
  ]);
  return [head, ...rows];
}

/** What the objects of an example are, for those who have not seen the notation. */
export function scheduleLegend({ steps }: Pick<Example, "steps">): string {
  const kinds = new Set(steps.flatMap(([, action]) => (typeof action === "string" ? [] : [action[0]])));
  const parts = [
    ...(kinds.has("w") ? ["Registers begin unset; write replaces the value."] : []),
    ...(kinds.has("append") || (kinds.has("r") && !kinds.has("w"))
      ? ["Lists begin empty; append adds at the end, so that a read shows every version there has been."]
      : []),
    ...(kinds.has("add") || kinds.has("rs")
      ? ["Sets of rows begin empty; add inserts a row, and a read searches for all of them."]
      : []),
  ];
  return parts.join(" ");
}

function actionText(action: ExampleStep[1]): string {
  return typeof action === "string" ? action : mopText(action);
}
