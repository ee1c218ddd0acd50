import { type IsolationLevel, isolationLevels } from "../history/header.ts";

/** The levels from this one up, weakest first, for the `at` of an expectation. */
export function atLeast(level: IsolationLevel): readonly IsolationLevel[] {
  return isolationLevels.slice(isolationLevels.indexOf(level));
}

/** The levels below this one, weakest first. */
export function below(level: IsolationLevel): readonly IsolationLevel[] {
  return isolationLevels.slice(0, isolationLevels.indexOf(level));
}
