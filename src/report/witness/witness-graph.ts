import { Graph } from "@dagrejs/graphlib";

import type { LineView, StepView, WitnessView } from "../../checkers/explain/witness-view.ts";

/** What a node of a witness's graph carries: a transaction. */
export interface TransactionNode {
  readonly operation: string;
  readonly lines: readonly LineView[];
}

/** A witness as a graph: transactions by name (`T1`), an edge per step, numbered from 1. */
export type WitnessGraph = Graph<unknown, TransactionNode, StepView>;

/** The graph that people see. Tiny: a witness, never a component. */
export function witnessGraph({ transactions, steps }: WitnessView): WitnessGraph {
  const graph: WitnessGraph = new Graph({ directed: true, multigraph: true });
  for (const { name, operation, lines } of transactions) graph.setNode(name, { operation, lines });
  steps.forEach((step, i) => {
    const [from, to] = [transactions[step.from], transactions[step.to]];
    if (from !== undefined && to !== undefined) graph.setEdge(from.name, to.name, step, `${i + 1}`);
  });
  return graph;
}
