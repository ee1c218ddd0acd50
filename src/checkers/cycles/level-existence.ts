import { edge, everyEdge } from "../graph/edge-type.ts";
import { components, cyclicComponents, type Components } from "../graph/components.ts";
import { extensionGraph } from "../graph/extension.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { prohibited, strongerModels } from "../models/boundary.ts";
import { cycleAnomalies } from "./cycle-spec.ts";

/** A model whose subgraph must be acyclic, and is not. */
export interface BrokenLevel {
  /** `PL-SI-cycle-exists` for PL-SI. */
  readonly anomaly: string;
  readonly model: string;
  /** The nodes of the smallest cyclic component, ascending. */
  readonly members: Int32Array;
}

interface Level {
  readonly model: string;
  readonly base: number;
  /** Anti-dependencies of which no two may follow each other; 0 for none. */
  readonly extension: number;
}

const { ww, wr, rw, rwp, process, realtime } = edge;

/** Weakest first within each family. Adya's thesis of 1999, chapters 3 and 4; Cerone and Gotsman 2018 for the extension. */
const levels: readonly Level[] = [
  { model: "PL-1", base: ww, extension: 0 },
  { model: "PL-2", base: ww | wr, extension: 0 },
  { model: "PL-SI", base: ww | wr, extension: rw | rwp },
  { model: "PL-2.99", base: ww | wr | rw, extension: 0 },
  { model: "PL-3", base: ww | wr | rw | rwp, extension: 0 },
  { model: "strong-session-PL-1", base: ww | process, extension: 0 },
  { model: "strong-session-PL-2", base: ww | wr | process, extension: 0 },
  { model: "strong-session-snapshot-isolation", base: ww | wr | process, extension: rw | rwp },
  { model: "strong-session-serializable", base: ww | wr | rw | rwp | process, extension: 0 },
  { model: "strong-PL-1", base: ww | realtime, extension: 0 },
  { model: "strong-PL-2", base: ww | wr | realtime, extension: 0 },
  { model: "strong-snapshot-isolation", base: ww | wr | realtime, extension: rw | rwp },
  { model: "PL-SS", base: ww | wr | rw | rwp | realtime, extension: 0 },
];

/**
 * Decides, before any search, which models a component of the graph breaks: each asks only whether a
 * subgraph has a cycle. A model that a weaker broken one already rules out is not asked. Linear in the
 * component, for each model.
 */
export function brokenLevels(graph: Adjacency): readonly BrokenLevel[] {
  const present = presentReasons(graph);
  const broken: BrokenLevel[] = [];
  let ruledOut: ReadonlySet<string> = new Set();
  for (const level of levels) {
    if (ruledOut.has(level.model) || needsMissing(level, present)) continue;
    const members = smallestCyclic(graph, level);
    if (members === null) continue;
    broken.push({ anomaly: `${level.model}-cycle-exists`, model: level.model, members });
    ruledOut = strongerModels(broken.map(({ model }) => model));
  }
  return broken;
}

/** Every reason that some edge of the graph has, as one mask. */
export function presentReasons(graph: Adjacency): number {
  return graph.mask.reduce((all, mask) => all | mask, 0);
}

/** The cycle anomalies that cannot be in a component which breaks just these levels. */
export function excludedAnomalies(broken: readonly BrokenLevel[]): ReadonlySet<string> {
  const ruledOut = strongerModels(broken.map(({ model }) => model));
  const standing = levels.filter(({ model }) => !ruledOut.has(model));
  const excluded = standing.flatMap(({ model }) => [...prohibited(model)]);
  return new Set(excluded.filter((anomaly) => cycleAnomalies.has(anomaly)));
}

/** The models of the anomalies `X-cycle-exists`, by anomaly. */
export const levelAnomalies: ReadonlyMap<string, string> = new Map(
  levels.map(({ model }) => [`${model}-cycle-exists`, model]),
);

/** Without session or real-time edges those levels ask what the plain ones have answered. */
function needsMissing({ base }: Level, present: number): boolean {
  const order = base & (process | realtime);
  return order !== 0 && (present & order) === 0;
}

function smallestCyclic(graph: Adjacency, { base, extension }: Level): Int32Array | null {
  const widened = extension === 0 ? graph : extensionGraph(graph, base, extension);
  const found: Components = components(widened, extension === 0 ? base : everyEdge);
  const cyclic = cyclicComponents(found);
  const smallest = cyclic.reduce<Int32Array | null>(
    (least, members) => (least === null || members.length < least.length ? members : least),
    null,
  );
  if (smallest === null || extension === 0) return smallest;
  return Int32Array.from(new Set(smallest.map((node) => node >> 1))).sort();
}
