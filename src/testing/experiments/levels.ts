import type { IsolationLevel } from "../../history/header.ts";
import { isolationClause } from "../isolation-name.ts";
import { asItIs, type Experiment } from "./experiment.ts";

/** The code with all its transactions at one level, those too that choose another one. */
export function atLevel(level: IsolationLevel): Experiment {
  const clause = `ISOLATION LEVEL ${isolationClause(level)}`;
  return {
    ...asItIs(level),
    rewrite: (sql) => (namesLevel.test(sql) ? sql.replace(namesLevel, clause) : sql),
  };
}

const namesLevel =
  /\bisolation\s+level\s+(?:read\s+uncommitted|read\s+committed|repeatable\s+read|serializable)\b/i;
