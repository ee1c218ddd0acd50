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
    "futile retries: of unknown outcome",
    "domain/futile-retries.ts",
    "history.type[row] !== typeCode.fail ||",
    "",
  ),
  m("futile retries: of any operation", "domain/futile-retries.ts", '!== "register"', '=== ""'),
  m(
    "futile retries: of any cause",
    "domain/futile-retries.ts",
    'member(history.error.get(row), "cause") === transactionAborted',
    "true",
  ),
  m("futile retries: one try is enough", "domain/futile-retries.ts", "|| again.length === 0", ""),
  m(
    "futile retries: one number again is enough",
    "domain/futile-retries.ts",
    "again.some((version) => version !== first)",
    "!again.includes(first)",
  ),
  m("metadata: none is lost", "domain/metadata.ts", "!rest.tags.has(tag)", "false"),
  m("metadata: every read is at rest", "domain/metadata.ts", "if (!isAtRest) continue;", ""),
  m(
    "metadata: any operation adds a tag",
    "domain/metadata.ts",
    'if (f === "update-metadata")',
    'if (f !== "")',
  ),
  m(
    "metadata: who read another version is named too",
    "domain/metadata.ts",
    "byRead.get(update.read)) ?? []",
    "[...byRead.values()].flat()) ?? []",
  ),
  m(
    "metadata: an open invocation is no attempt",
    "domain/attempt-notes.ts",
    "type === typeCode.invoke && !isOpen",
    "type === typeCode.invoke",
  ),
  m(
    "metadata: one of unknown outcome was given up",
    "domain/attempt-notes.ts",
    "|| type !== typeCode.fail)",
    "|| type === typeCode.ok)",
  ),
];
