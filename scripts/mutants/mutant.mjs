/**
 * One way to break a rule: `find` must occur in the file (below src/checkers), with any white space;
 * every occurrence is replaced.
 *
 * @param {string} equivalent why no test is to notice, for the few of which that is so: nothing changes, or
 *   what changes is as true
 */
export function m(name, file, find, replace, equivalent) {
  return { name, file, find, replace, equivalent };
}

/** The rule finds an anomaly that is no cycle, and does not tell it. */
export function untold(name, file, type, findings = "findings") {
  return m(name, file, `${findings}.add("${type}"`, `((...untold) => untold)("${type}"`);
}
