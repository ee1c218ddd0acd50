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
];
