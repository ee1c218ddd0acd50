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
import { realtimeOrder } from "./infer/realtime-order.ts";
import { type Transactions, transactions } from "./infer/transactions.ts";
import { prohibited } from "./models/boundary.ts";
import { selectInferences } from "./select-inferences.ts";
import type { Witness } from "./verdict.ts";

/** What the graph checkers found, before it is judged. */
export interface GraphResult {
  readonly anomalies: ReadonlyMap<string, readonly Witness[]>;
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
  const input = { edges, findings, beganEmpty: history.header !== null, assumptions };
  const inferred = selected.map(({ inference, view }) =>
    inference.infer({ ...input, transactions: { ...nodes, history: view } }),
  );
  addOrders(nodes, edges, model);

  const cycles = findCycles(adjacency(edges.nodes, edges.columns()), nodes.count);
  const before = (key: number, element: number): number =>
    inferred.map((one) => one.before(key, element)).find((found) => found >= 0) ?? -1;
  const doubts = [...problems, ...inferred.flatMap((one) => one.problems)];
  if (history.header === null && edges.length === 0)
    doubts.push("No transaction of the history depends on another, so it proves nothing.");
  const anomalies = new Map<string, readonly Witness[]>();
  for (const [type, found] of findings.all())
    anomalies.set(
      type,
      found.map((finding) => findingWitness(history, finding)),
    );
  for (const [type, found] of cycleWitnesses(cycles, edges, { transactions: nodes, before }))
    anomalies.set(type, found);
  for (const [type, members] of cycles.unnamed) anomalies.set(type, [componentWitness(nodes, type, members)]);
  return { anomalies, doubts, notes: cycles.cutShort };
}

/** Real-time order for strict and strong models, session order for strong-session ones, else neither. */
function addOrders(nodes: Transactions, edges: EdgeList, model: string): void {
  const forbidden = [...prohibited(model)];
  if (forbidden.some((anomaly) => anomaly.endsWith("-realtime"))) realtimeOrder(nodes, edges);
  else if (forbidden.some((anomaly) => anomaly.endsWith("-process"))) processOrder(nodes, edges);
}

function cycleWitnesses(
  { found }: Cycles,
  edges: EdgeList,
  context: Parameters<typeof cycleWitness>[0],
): ReadonlyMap<string, readonly Witness[]> {
  const named = [...found].flatMap(([type, paths]) => paths.map((path) => ({ type, path })));
  if (named.length === 0) return new Map();
  const steps = stepData(
    named.map(({ path }) => path),
    edges.columns(),
    edges.nodes,
    edges.transactions,
  );
  const witnesses = new Map<string, Witness[]>([...found.keys()].map((type) => [type, []]));
  named.forEach(({ type }, i) => witnesses.get(type)?.push(cycleWitness(context, type, steps[i] ?? [])));
  return witnesses;
}

function componentWitness({ history, row, count }: Transactions, type: string, members: Int32Array): Witness {
  const rows = [...members].filter((node) => node < count).map((node) => row[node] ?? 0);
  return {
    cycle: rows.slice(0, operationsPerComponent).map((at) => operationAt(history, at)),
    steps: [],
    explanation: `${type}: ${rows.length} transactions depend on each other in a circle that the search could not name.`,
  };
}
