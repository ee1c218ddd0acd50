import { edge, everyEdge, stepTypeOf } from "../graph/edge-type.ts";
import { components, cyclicComponents } from "../graph/components.ts";
import { subgraphCutter } from "../graph/subgraph.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { impliedAnomalies, impossibleModels } from "../models/boundary.ts";
import { witnessesPerType } from "../verdict.ts";
import { type ElleNamer, elleNamer, type ElleView } from "../elle/elle-namer.ts";
import { Budget } from "./budget.ts";
import { classifyCycle } from "./classify-cycle.ts";
import { CutShort } from "./cut-short.ts";
import { type CycleCases, CycleCounter } from "./cycle-cases.ts";
import { type Path, pathLength } from "./cycle-search.ts";
import { type CycleSpec, cycleSpecs, specNamed } from "./cycle-spec.ts";
import {
  type BrokenLevel,
  brokenLevels,
  excludedAnomalies,
  levelAnomalies,
  presentReasons,
} from "./level-existence.ts";
import { SearchTables } from "./search-tables.ts";
import { shortestCycle } from "./shortest-cycle.ts";

/** What the cycles of a graph prove. Nodes are the graph's. */
export interface Cycles {
  /** Anomaly → cycles, shortest first, at most `witnessesPerType`. */
  readonly found: ReadonlyMap<string, readonly Path[]>;
  /** How often each of those was found. */
  readonly cases: ReadonlyMap<string, CycleCases>;
  /** `X-cycle-exists` → the nodes of a component that has a cycle nobody could name. */
  readonly unnamed: ReadonlyMap<string, Int32Array>;
  /** Of those, the ones that only Elle has no name for → a cycle that breaks the level. */
  readonly proofs?: ReadonlyMap<string, Path>;
  /** Searches that a limit cut short, one sentence for each type. */
  readonly cutShort: readonly string[];
}

/** How many edges a search may look at: for one anomaly type in one component, and in all. */
export interface SearchLimits {
  readonly each: number;
  readonly all: number;
}

/** Seconds at worst. */
const defaultLimits: SearchLimits = { each: 5_000_000, all: 100_000_000 };

/**
 * Finds one shortest cycle of each anomaly type in each strongly connected component. First decides
 * which models the component breaks, then searches the types that those levels admit, cheapest first;
 * a type that an earlier find implies is skipped. An acyclic graph costs one pass of Tarjan. A search
 * that hits a limit leaves the level it was for in `unnamed`, so a verdict loses a name but no proof.
 *
 * @param transactions nodes from here on are helpers
 * @param elle asks to name cycles as Elle does, where its search can be followed: a type that Elle gives
 * up is reported only if it rules out models that all else that was found does not
 */
export function findCycles(
  graph: Adjacency,
  transactions: number,
  limits: SearchLimits = defaultLimits,
  elle: ElleView | null = null,
): Cycles {
  const found = new Map<string, Path[]>();
  const unnamed = new Map<string, Int32Array>();
  const proofs = new Map<string, Path>();
  const leftovers: Leftover[] = [];
  const cutShort = new CutShort();
  const cut = subgraphCutter(graph);
  const tables = new SearchTables();
  const counter = new CycleCounter((node) => node >= transactions);
  let left = limits.all;
  for (const members of cyclicComponents(components(graph, everyEdge))) {
    const local = cut(members);
    const isHelper = (node: number): boolean => (members[node] ?? 0) >= transactions;
    const broken = brokenLevels(local);
    const skipped = new Set(excludedAnomalies(broken));
    const named = new Set<string>();
    const present = presentReasons(local);
    const namer = elle === null ? null : elleNamer(local, isHelper, members, elle);
    const givenUp: CycleSpec[] = [];
    const component = { members, transactions: countBelow(transactions, members) };
    for (const spec of cycleSpecs) {
      if (skipped.has(spec.name) || lacksReason(spec, present)) continue;
      const told = namer?.(spec) ?? null;
      if (told?.gaveUp === true) givenUp.push(spec);
      for (const variant of variants(spec, told)) {
        const budget = new Budget(Math.min(left, limits.each));
        const path = shortestCycle(local, variant, isHelper, budget, tables);
        left -= budget.spent;
        if (path === null) {
          if (budget.exhausted) cutShort.add(spec.name, members.length);
          break;
        }
        const name = classifyCycle(stepTypes(local, path, isHelper));
        const nodes = path.map((node) => members[node] ?? 0);
        keep(found, name, nodes, transactions);
        counter.add(name, nodes, component);
        named.add(name);
        for (const implied of impliedAnomalies([told === null ? name : spec.name])) skipped.add(implied);
        if (name === spec.name) break;
      }
    }
    for (const { anomaly, members: nodes } of stillUnnamed(broken, named))
      if (!unnamed.has(anomaly))
        unnamed.set(
          anomaly,
          nodes.map((node) => members[node] ?? 0),
        );
    if (givenUp.length > 0) leftovers.push({ local, component, isHelper, givenUp });
  }
  for (const leftover of leftovers) {
    const budget = new Budget(Math.min(left, limits.each));
    keepGivenUp(leftover, { found, unnamed, proofs, counter }, elle?.found ?? [], transactions, budget);
    left -= budget.spent;
  }
  return {
    found,
    cases: counter.cases((type) => cutShort.has(type)),
    unnamed: withoutRuledOut(unnamed, [...found.keys(), ...(elle?.found ?? [])]),
    ...(elle === null ? {} : { proofs }),
    cutShort: cutShort.sentences(),
  };
}

/**
 * What to search for a type. Types without anti-dependencies are searched by every reason that an edge
 * has, as Elle does, and the cycle is called by the strongest reasons of its steps. Where that is another
 * name, the type itself is still to be found. Where it is known what Elle finds, that is searched alone.
 */
function variants(spec: CycleSpec, told: ReturnType<ElleNamer> | null): readonly CycleSpec[] {
  if (told !== null) return told.name === null ? [] : [specNamed(told.name) ?? spec];
  return spec.extra !== 0 && spec.rwCount === "none" ? [{ ...spec, anyReason: true }, spec] : [spec];
}

/** Whether a type needs an edge that the component has not: the type then has no cycle of its own. */
function lacksReason({ extra, rw }: CycleSpec, present: number): boolean {
  const predicate = rw & edge.rwp;
  return (extra & ~present) !== 0 || (predicate & ~present) !== 0;
}

/** The step types of a cycle, strongest reason first; silent detours belong to the step before them. */
export function stepTypes(
  graph: Adjacency,
  path: Path,
  isHelper: (node: number) => boolean,
): ReturnType<typeof stepTypeOf>[] {
  return path.flatMap((node, i) =>
    isHelper(node) ? [] : [stepTypeOf(maskBetween(graph, node, path[(i + 1) % path.length] ?? 0))],
  );
}

function maskBetween({ start, target, mask }: Adjacency, from: number, to: number): number {
  for (let e = start[from] ?? 0; e < (start[from + 1] ?? 0); e++) if (target[e] === to) return mask[e] ?? 0;
  return 0;
}

function countBelow(bound: number, nodes: Int32Array): number {
  let count = 0;
  for (const node of nodes) if (node < bound) count++;
  return count;
}

function keep(found: Map<string, Path[]>, name: string, path: Path, transactions: number): void {
  const paths = found.get(name) ?? [];
  if (paths.length === 0) found.set(name, paths);
  const length = (p: Path): number => pathLength(p, (node) => node >= transactions);
  paths.push(path);
  paths.sort((a, b) => length(a) - length(b) || (a[0] ?? 0) - (b[0] ?? 0));
  paths.length = Math.min(paths.length, witnessesPerType);
}

function stillUnnamed(broken: readonly BrokenLevel[], named: ReadonlySet<string>): readonly BrokenLevel[] {
  const ruledOut = impossibleModels(named);
  return broken.filter(({ model }) => !ruledOut.has(model));
}

/** A component in which Elle gave up types. */
interface Leftover {
  readonly local: Adjacency;
  readonly component: Parameters<CycleCounter["add"]>[2];
  readonly isHelper: (node: number) => boolean;
  readonly givenUp: readonly CycleSpec[];
}

/** As in {@link Cycles}, while it is put together. */
interface Found {
  readonly found: Map<string, Path[]>;
  readonly unnamed: ReadonlyMap<string, Int32Array>;
  readonly proofs: Map<string, Path>;
  readonly counter: CycleCounter;
}

/**
 * Searches what Elle gave up: a cycle is kept as an anomaly where it rules out a model that nothing else
 * does, and as the proof of a level that Elle leaves without a name.
 */
function keepGivenUp(
  { local, component, isHelper, givenUp }: Leftover,
  { found, unnamed, proofs, counter }: Found,
  otherwise: Iterable<string>,
  transactions: number,
  budget: Budget,
): void {
  const others = [...otherwise];
  for (const spec of givenUp) {
    const models = impossibleModels([spec.name]);
    const known = impossibleModels([...others, ...found.keys(), ...unnamed.keys()]);
    const bare = [...unnamed.keys()].filter(
      (anomaly) => !proofs.has(anomaly) && models.has(levelAnomalies.get(anomaly) ?? ""),
    );
    const isNew = [...models].some((model) => !known.has(model));
    if (!isNew && bare.length === 0) continue;
    const cycle = shortestCycle(local, spec, isHelper, budget);
    if (cycle === null) continue;
    const path = cycle.map((node) => component.members[node] ?? 0);
    if (isNew) {
      keep(found, spec.name, path, transactions);
      counter.add(spec.name, path, component);
    }
    for (const anomaly of bare) proofs.set(anomaly, path);
  }
}

/** A cycle that was named elsewhere in the graph already says what a nameless one would. */
function withoutRuledOut(
  unnamed: ReadonlyMap<string, Int32Array>,
  named: Iterable<string>,
): ReadonlyMap<string, Int32Array> {
  const ruledOut = impossibleModels(named);
  return new Map([...unnamed].filter(([anomaly]) => !ruledOut.has(levelAnomalies.get(anomaly) ?? "")));
}
