import type { History } from "../history/history.ts";
import { operationAt } from "../history/operation-at.ts";
import { type Cycles, findCycles } from "./cycles/find-cycles.ts";
import { cycleWitness } from "./explain/cycle-witness.ts";
import { findingWitness } from "./explain/finding-witness.ts";
import { stepData } from "./explain/step-data.ts";
import { adjacency } from "./graph/adjacency.ts";
import { EdgeList } from "./graph/edge-list.ts";
import { Findings } from "./infer/finding.ts";
import { processOrder } from "./infer/process-order.ts";
import type { KeyAssumptions } from "./infer/register/key-assumptions.ts";
import type { ElleView } from "./elle/elle-namer.ts";
import { realtimeOrder, realtimePairs } from "./infer/realtime-order.ts";
import { type Transactions, transactions } from "./infer/transactions.ts";
import { prohibited } from "./models/boundary.ts";
import { type Selected, selectInferences } from "./select-inferences.ts";
import { type Cases, casesOf } from "./cases.ts";
import type { Witness } from "./verdict.ts";

/** What the graph checkers found, before it is judged. */
export interface GraphResult {
  readonly anomalies: ReadonlyMap<string, readonly Witness[]>;
  /** How many cases of each anomaly there are. */
  readonly cases: ReadonlyMap<string, Cases>;
  /** Sentences: why a clean result proves nothing. */
  readonly doubts: readonly string[];
  readonly notes: readonly string[];
}

/** Anomalies of {@link GraphResult} that no model speaks of and that are errors at every level. */
export const alwaysForbidden: ReadonlySet<string> = new Set(["garbage-read"]);

/** A bound: how many operations stand for a component that has a cycle nobody could name. */
const operationsPerComponent = 16;

/**
 * Infers the dependencies between transactions and looks for what Adya's phenomena forbid. Linear in
 * the history but for the search of witnesses, which is bounded.
 * @throws CheckError when there is no such workload.
 */
export function checkGraph(
  history: History,
  model: string,
  workload: string | undefined,
  assumptions: KeyAssumptions = {},
): GraphResult {
  const { selected, problems } = selectInferences(history, workload);
  const nodes = transactions(history);
  const edges = new EdgeList(nodes.count);
  const findings = new Findings();
  const input = { edges, findings, assumptions };
  const inferred = selected.map(({ inference, view }) =>
    inference.infer({ ...input, transactions: { ...nodes, history: view } }),
  );
  addOrders(nodes, edges, model);

  const cycles = findCycles(
    adjacency(edges.nodes, edges.columns()),
    nodes.count,
    undefined,
    history.beginning === "as-read" ? elleView(nodes, findings, selected, model) : null,
  );
  const before = (key: number, element: number): number =>
    inferred.map((one) => one.before(key, element)).find((found) => found >= 0) ?? -1;
  const doubts = [...problems, ...inferred.flatMap((one) => one.problems)];
  const notes = [...inferred.flatMap((one) => one.notes ?? []), ...cycles.cutShort];
  if (history.beginning !== "empty" && edges.length === 0) {
    // Elle, whose conventions hold for such histories, calls only a graph without nodes empty.
    const hasNodes = history.beginning === "as-read" && inferred.some((one) => one.replacedOwnRead);
    const unrelated = "No transaction of the history depends on another";
    if (hasNodes) notes.push(`${unrelated}.`);
    else doubts.push(`${unrelated}, so it proves nothing.`);
  }
  const anomalies = new Map<string, readonly Witness[]>();
  for (const [type, found] of findings.all())
    anomalies.set(
      type,
      found.map((finding) => findingWitness(history, finding)),
    );
  for (const [type, found] of cycleWitnesses(cycles, edges, { transactions: nodes, before }))
    anomalies.set(type, found);
  for (const [type, members] of cycles.unnamed)
    if (!anomalies.has(type)) anomalies.set(type, [componentWitness(nodes, type, members)]);
  const counted = new Map([...findings.cases(history.index), ...cycleCases(nodes, cycles)]);
  const cases = new Map(
    [...anomalies].map(([type, told]) => [type, counted.get(type) ?? casesOf(told, true)]),
  );
  return { anomalies, cases, doubts, notes };
}

/** Real-time order for strict and strong models, session order for strong-session ones, else neither. */
function addOrders(nodes: Transactions, edges: EdgeList, model: string): void {
  const order = orderOf(model);
  if (order === "realtime") realtimeOrder(nodes, edges);
  else if (order === "process") processOrder(nodes, edges);
}

/** Which order between transactions counts among the dependencies when a history is judged by a model. */
export function orderOf(model: string): "realtime" | "process" | "none" {
  const forbidden = [...prohibited(model)];
  if (forbidden.some((anomaly) => anomaly.endsWith("-realtime"))) return "realtime";
  return forbidden.some((anomaly) => anomaly.endsWith("-process")) ? "process" : "none";
}

/** What naming cycles as Elle does asks of the history. */
function elleView(
  nodes: Transactions,
  findings: Findings,
  selected: readonly Selected[],
  model: string,
): ElleView {
  const { history, row } = nodes;
  return {
    index: (node) => history.index[row[node] ?? 0] ?? 0,
    realtime: (members) => (orderOf(model) === "realtime" ? realtimePairs(nodes, members) : []),
    readsFirst: selected.some(({ inference }) => inference.name === "rw-register"),
    found: [...findings.all().keys()],
  };
}

function cycleWitnesses(
  { found, unnamed, proofs }: Cycles,
  edges: EdgeList,
  context: Parameters<typeof cycleWitness>[0],
): ReadonlyMap<string, readonly Witness[]> {
  const proven = [...(proofs ?? [])].flatMap(([type, path]) => (unnamed.has(type) ? [{ type, path }] : []));
  const named = [...found].flatMap(([type, paths]) => paths.map((path) => ({ type, path }))).concat(proven);
  if (named.length === 0) return new Map();
  const steps = stepData(
    named.map(({ path }) => path),
    edges.columns(),
    edges.nodes,
    edges.transactions,
  );
  const witnesses = new Map<string, Witness[]>(named.map(({ type }) => [type, []]));
  named.forEach(({ type }, i) => witnesses.get(type)?.push(cycleWitness(context, type, steps[i] ?? [])));
  return witnesses;
}

function cycleCases(
  { history, row }: Transactions,
  { cases }: Cycles,
): readonly (readonly [string, Cases])[] {
  return [...cases].map(([type, { components, more, transactions, first }]) => {
    const firstOperation = history.index[row[first] ?? -1] ?? null;
    return [type, { count: components, more, operations: transactions, firstOperation }];
  });
}

function componentWitness({ history, row, count }: Transactions, type: string, members: Int32Array): Witness {
  const rows = [...members].filter((node) => node < count).map((node) => row[node] ?? 0);
  return {
    cycle: rows.slice(0, operationsPerComponent).map((at) => operationAt(history, at)),
    steps: [],
    explanation: `${type}: ${rows.length} transactions depend on each other in a circle that the search could not name.`,
  };
}
