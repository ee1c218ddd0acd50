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
  m("queue: one taker is too many", "domain/handed-out.ts", "takers.length > 1", "takers.length > 0"),
  m("queue: two takers are fine", "domain/handed-out.ts", "takers.length > 1", "takers.length > 2"),
  m(
    "queue: the same name in two queues",
    "domain/handed-out.ts",
    "JSON.stringify([source, thing])",
    "JSON.stringify([thing])",
  ),
  m("queue: a claimed job is fine", "domain/queue.ts", 'state === "open" ||', "true ||"),
  m("queue: an open job is lost", "domain/queue.ts", 'state === "open" ||', ""),
  m("queue: a job may vanish", "domain/queue.ts", "member(shown, element) === undefined", "false"),
  m(
    "queue: jobs are lost while others work",
    "domain/queue.ts",
    ".filter(({ reader }) => reader.isAtRest)",
    "",
  ),
];
