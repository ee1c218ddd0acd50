import { m } from "./mutant.mjs";

export const historyMutants = [
  // Who is a transaction, and what is known of it.
  m(
    "transactions: failed ones are nodes",
    "infer/transactions.ts",
    "if (type === typeCode.fail || (type === typeCode.invoke && history.pair[at] !== -1)) continue;",
    "if (type === typeCode.invoke && history.pair[at] !== -1) continue;",
  ),
  m(
    "transactions: one that never completed is left out",
    "infer/transactions.ts",
    "(type === typeCode.invoke && history.pair[at] !== -1)",
    "type === typeCode.invoke",
  ),
  m(
    "transactions: an empty completion has no writes",
    "infer/transactions.ts",
    "return !hasMops(history, row) && pair >= 0",
    "return false && pair >= 0",
  ),
  m("transactions: a nemesis is one", "infer/transactions.ts", "(history.process[at] ?? -1) < 0 ||", ""),
  m(
    "elements: unknown outcomes count as committed",
    "infer/element-table.ts",
    "committed[node] === 1 ? writerState.committed : writerState.unknown",
    "writerState.committed",
  ),
  m(
    "elements: failed ones count as unknown",
    "infer/element-table.ts",
    "use(failed[f++] ?? 0, writerState.failed)",
    "use(failed[f++] ?? 0, writerState.unknown)",
  ),
  m(
    "elements: a second write goes unnoticed",
    "infer/element-table.ts",
    "if (known !== absent) {",
    "if (false) {",
  ),
  m(
    "elements: the next write may be another transaction's",
    "infer/element-table.ts",
    "this.#row.at(last) === row",
    "true",
  ),

  // Orders beside the data.
  m(
    "process: unknown outcomes take part",
    "infer/process-order.ts",
    "if (committed[node] !== 1) continue;",
    "",
  ),
  m(
    "process: backwards",
    "infer/process-order.ts",
    "edges.add(previous, node, edge.process)",
    "edges.add(node, previous, edge.process)",
  ),
  m(
    "process: only neighbours in the history",
    "infer/process-order.ts",
    "last.set(process, node)",
    "if (previous === undefined) last.set(process, node)",
  ),
  m(
    "realtime: unknown outcomes lead on",
    "infer/realtime-order.ts",
    "own !== noNode && history.type[row] === typeCode.ok",
    "own !== noNode",
  ),
  m(
    "realtime: moments do not follow each other",
    "infer/realtime-order.ts",
    "if (moment >= 0) edges.add(moment, next, edge.silent);",
    "",
  ),
  m(
    "realtime: a lone completion began when it ended",
    "infer/realtime-order.ts",
    "if (type !== typeCode.invoke) return -1;",
    "if (type !== typeCode.invoke) return pair >= 0 ? -1 : row;",
  ),
  m(
    "transactions: what committed and says nothing did what was asked",
    "infer/transactions.ts",
    "&& history.type[row] !== typeCode.ok ? pair : row",
    "? pair : row",
  ),
  m(
    "realtime: nobody comes before anybody",
    "infer/realtime-order.ts",
    "for (const done of waiting) edges.add(done, next, edge.realtime);",
    "",
  ),
  m(
    "realtime: one that never completed never began",
    "infer/realtime-order.ts",
    "return pair >= 0 ? pair : row;",
    "return pair;",
  ),
  m(
    "orders: strict models ask for sessions only",
    "check-graph.ts",
    "realtimeOrder(nodes, edges)",
    "processOrder(nodes, edges)",
  ),
  m(
    "orders: strong sessions ask for nothing",
    "check-graph.ts",
    'else if (order === "process") processOrder(nodes, edges);',
    "",
  ),
  m(
    "orders: every model asks for real time",
    "check-graph.ts",
    'if (forbidden.some((anomaly) => anomaly.endsWith("-realtime")))',
    "if (true)",
  ),
  m(
    "reads: of lists and sets those of unknown outcome count",
    "infer/list/list-reads.ts",
    "if (committed[node] !== 1) continue;",
    "",
  ),

  // What is left in doubt.
  m("verdict: doubts do not matter", "check.ts", 'doubts.length > 0 ? "unknown" : true', "true"),
  m("verdict: nothing need have committed", "check.ts", "if (ok - rest === 0)", "if (false)"),
  m("verdict: the reads at rest are enough", "check.ts", "if (ok - rest === 0)", "if (ok === 0)"),
  m("verdict: a kind of operation may fail always", "check.ts", "outcomes.ok === 0", "false"),
  m(
    "verdict: what others' histories leave unrelated is valid",
    "check-graph.ts",
    'if (history.beginning !== "empty" && edges.length === 0) {',
    "if (false) {",
  ),
  m("verdict: garbage is allowed", "check-graph.ts", 'new Set(["garbage-read"])', "new Set()"),
  m(
    "verdict: what the model allows is forbidden",
    "check.ts",
    "forbidden.has(type) || alwaysForbidden.has(type)",
    "true",
  ),
];
