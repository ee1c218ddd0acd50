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
  m("deadlocks: any failure is a refusal", "domain/deadlocks.ts", "refusal === cause", "true"),
  m(
    "deadlocks: one failed attempt is lost work",
    "domain/deadlocks.ts",
    'if (attempts.some(({ ending }) => ending === "ok")) return "committed";',
    "",
  ),
  m(
    "deadlocks: what nobody knows of is lost",
    "domain/deadlocks.ts",
    'attempts.every(({ ending }) => ending === "fail") && ',
    "",
  ),
  m("deadlocks: the end of a run loses work", "domain/deadlocks.ts", "given && isOver(last)", "given"),
  m(
    "deadlocks: a run that was cut short is complete",
    "domain/deadlocks.ts",
    'history.header?.mode === "interleaved" && wasReadAtRest',
    "wasReadAtRest",
  ),
  m(
    "deadlocks: each attempt is an operation of its own",
    "domain/planned-operations.ts",
    "return id?.[1] ?? null;",
    "return id?.[0] ?? null;",
  ),
  m(
    "deadlocks: an open invocation is no attempt",
    "domain/planned-operations.ts",
    "type[row] === typeCode.info || pair[row] === -1",
    "type[row] === typeCode.info",
  ),
  m("quotas: any total will do", "domain/quotas.ts", "if (began === holds) return [];", "return [];"),
  m("quotas: any move may be missing", "domain/quotas.ts", "began + moved === holds", "true"),
  m("quotas: unknown moves count as not done", "domain/quotas.ts", "!unknown.has(holding.model)", "true"),
  m("quotas: any read is at rest", "domain/quotas.ts", "if (!isAtRest) continue;", ""),
];
