import { m } from "./mutant.mjs";

export const setMutants = [
  // Sets.
  m(
    "set: no wr",
    "infer/set/set-edges.ts",
    "edges.add(node[at] ?? 0, reader, edge.wr, key, element[at])",
    "void 0",
  ),
  m(
    "set: no predicate rw",
    "infer/set/set-edges.ts",
    "edges.add(reader, node[at] ?? 0, edge.rwp, key, element[at])",
    "void 0",
  ),
  m(
    "set: predicate rw is item rw",
    "infer/set/set-edges.ts",
    "edges.add(reader, node[at] ?? 0, edge.rwp, key, element[at])",
    "edges.add(reader, node[at] ?? 0, edge.rw, key, element[at])",
  ),
  m(
    "set: a missed element is a seen one",
    "infer/set/set-edges.ts",
    "run(next, from, misses);",
    "run(next, from, sees);",
  ),
  m(
    "set: missed elements at the end are forgotten",
    "infer/set/set-edges.ts",
    "run(next, size, misses);",
    "",
  ),
  m(
    "set: helpers of seen elements lead nowhere",
    "infer/set/set-edges.ts",
    "seen.link(reader, from, to);",
    "",
  ),
  m(
    "set: helpers of missed elements lead nowhere",
    "infer/set/set-edges.ts",
    "missed.link(reader, from, to);",
    "",
  ),
  m("set: no G1a", "infer/set/set-read-anomalies.ts", 'findings.add("G1a"', '((...untold) => untold)("G1a"'),
  m("set: no internal", "infer/set/set-read-anomalies.ts", "mop < read.mop && !shows", "false"),
  m(
    "set: internal before the insert",
    "infer/set/set-read-anomalies.ts",
    "mop < read.mop && !shows",
    "!shows",
  ),
  m("set: no future-read", "infer/set/set-read-anomalies.ts", "mop > read.mop && shows", "false"),
  m(
    "helpers: a range loses its first item",
    "infer/range-fan.ts",
    "if ((low & 1) === 1) use(tree[low++] ?? 0);",
    "if ((low & 1) === 1) low++;",
  ),
  m(
    "helpers: a range loses its last item",
    "infer/range-fan.ts",
    "if ((high & 1) === 1) use(tree[--high] ?? 0);",
    "if ((high & 1) === 1) --high;",
  ),
  m(
    "set: elements of failed transactions have dependencies",
    "infer/set/visible-elements.ts",
    "|| adds.state[add] === writerState.failed) continue;",
    ") continue;",
  ),
  m(
    "set: elements of unknown outcome are missed",
    "infer/set/visible-elements.ts",
    "adds.state[add] === writerState.committed) admit(add)",
    "adds.state[add] !== writerState.failed) admit(add)",
    "as true: one that did not happen comes before nobody, and so is on no circle",
  ),
  m(
    "set: elements of unknown outcome are never seen",
    "infer/set/visible-elements.ts",
    "|| adds.state[add] === writerState.failed) continue;",
    "|| adds.state[add] !== writerState.committed) continue;",
  ),
  m(
    "set: the reader's own elements are like others'",
    "infer/set/set-edges.ts",
    "for (const at of own) {",
    "for (const at of own.slice(0, 0)) {",
  ),
  m(
    "set: a read without a result found nothing",
    "infer/set/set-reads.ts",
    "|| history.mopShape[mop] !== shapeCode.list) return;",
    ") return;",
  ),
  m(
    "set: elements from nowhere are errors in any history",
    "infer/set/set-read-anomalies.ts",
    'if (history.beginning === "empty")',
    "if (true)",
  ),
  m(
    "set: elements from nowhere are no errors",
    "infer/set/set-read-anomalies.ts",
    'if (history.beginning === "empty")',
    "if (false)",
  ),
  m(
    "set: elements that were added twice are judged",
    "infer/set.ts",
    "if (adds.problems.length > 0)",
    "if (false)",
  ),
];
