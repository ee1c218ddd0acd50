import { m } from "./mutant.mjs";

export const domainMutants = [
  m("versions: no duplicates", "domain/versions.ts", "group.length > 1", "false"),
  m("versions: one registration is a duplicate", "domain/versions.ts", "group.length > 1", "true"),
  m(
    "versions: the same number in two models",
    "domain/versions.ts",
    "const id = `${key} ${version}`;",
    "const id = `${version}`;",
  ),
  m("versions: none is missing", "domain/versions.ts", "atRest.get(key)?.has(element) === false", "false"),
  m(
    "versions: what was not read at rest is missing",
    "domain/versions.ts",
    "atRest.get(key)?.has(element) === false",
    "atRest.get(key)?.has(element) !== true",
  ),
  m(
    "versions: registrations of unknown outcome count",
    "domain/version-facts.ts",
    "history.type[row] !== typeCode.ok ||",
    "",
  ),
  m(
    "versions: every read is at rest",
    "domain/version-facts.ts",
    'const isAtRest = f === "read-at-rest";',
    "const isAtRest = true;",
  ),
  m(
    "metrics: a batch counts for every model",
    "domain/metrics.ts",
    "const batch = batches.get(model)?.get(attempt);",
    "const batch = [...batches.values()].find((ofModel) => ofModel.has(attempt))?.get(attempt);",
  ),
  m(
    "metrics: whatever was seen, nothing is absent",
    "domain/metrics.ts",
    "shown?.has(name) !== true",
    "false",
  ),
  m("metrics: every read is at rest", "domain/metrics.ts", "({ reader }) => reader.isAtRest", "() => true"),
  m("metrics: once is more often", "domain/metrics.ts", "times > 1", "times > 0"),
  m("metrics: never more often", "domain/metrics.ts", "times > 1", "times > 2"),
  m(
    "metrics: batches of unknown outcome failed",
    "domain/batch-facts.ts",
    "history.type[row] !== typeCode.fail",
    "history.type[row] !== typeCode.fail && history.type[row] !== typeCode.info",
  ),
  m("metrics: nothing failed", "domain/batch-facts.ts", "failed.set(element, row)", "failed.delete(element)"),
];
