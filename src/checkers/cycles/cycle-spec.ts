import { edge } from "../graph/edge-type.ts";

/** What a cycle of one anomaly type looks like. */
export interface CycleSpec {
  readonly name: string;
  /** Edges that may be taken any number of times; includes {@link extra}. */
  readonly base: number;
  /** Anti-dependency edges the cycle may take, within the limits below; 0 for none. */
  readonly rw: number;
  readonly rwCount: "none" | "one" | "several";
  /** No two anti-dependencies may follow each other, the last and the first included. */
  readonly nonadjacent: boolean;
  readonly needsWr: boolean;
  /** `process` or `realtime`, at least one edge of which must be taken; 0 for neither. */
  readonly extra: number;
  /** Whether an edge may be taken for any of its reasons, not for its strongest only. */
  readonly anyReason?: boolean;
}

const suffixes = ["", "-process", "-realtime"] as const;

const base = edge.ww | edge.wr;
const item = { needsWr: false, extra: 0, base, rw: edge.rw };
const any = { ...item, rw: edge.rw | edge.rwp };

/**
 * The plain types (Adya, Liskov and O'Neil 2000, section 5, and Adya's thesis of 1999, chapter 4; G-nonadjacent after Cerone and Gotsman 2018); the
 * suffix `-item` where no predicate edge is used.
 */
const plain: readonly CycleSpec[] = [
  { ...item, name: "G0", base: edge.ww, rw: 0, rwCount: "none", nonadjacent: false },
  { ...item, name: "G1c", rw: 0, rwCount: "none", nonadjacent: false, needsWr: true },
  { ...item, name: "G-single-item", rwCount: "one", nonadjacent: false },
  { ...any, name: "G-single", rwCount: "one", nonadjacent: false },
  { ...item, name: "G-nonadjacent-item", rwCount: "several", nonadjacent: true },
  { ...any, name: "G-nonadjacent", rwCount: "several", nonadjacent: true },
  { ...item, name: "G2-item", rwCount: "several", nonadjacent: false },
  { ...any, name: "G2", rwCount: "several", nonadjacent: false },
];

const specs = new Map(
  suffixes.flatMap((suffix) => plain.map((spec) => [spec.name + suffix, withSuffix(spec, suffix)])),
);

/** Cheapest and most telling first, as Elle searches: what an earlier find implies is skipped. */
const searchOrder: readonly string[] = [
  "G-single-item",
  "G0",
  "G-nonadjacent-item",
  "G-single-item-process",
  "G1c",
  "G-nonadjacent-item-process",
  "G-single",
  "G-single-item-realtime",
  "G2-item",
  "G-nonadjacent",
  "G-nonadjacent-item-realtime",
  "G2",
  "G0-process",
  "G1c-process",
  "G-single-process",
  "G2-item-process",
  "G-nonadjacent-process",
  "G2-process",
  "G0-realtime",
  "G1c-realtime",
  "G-single-realtime",
  "G2-item-realtime",
  "G-nonadjacent-realtime",
  "G2-realtime",
];

/** Every cycle anomaly, in the order in which it is searched. */
export const cycleSpecs: readonly CycleSpec[] = searchOrder.flatMap((name) => specs.get(name) ?? []);

/** The names of all cycle anomalies. */
export const cycleAnomalies: ReadonlySet<string> = new Set(specs.keys());

/** What a cycle of the type looks like; undefined for names of other anomalies. */
export function specNamed(name: string): CycleSpec | undefined {
  return specs.get(name);
}

function withSuffix(spec: CycleSpec, suffix: (typeof suffixes)[number]): CycleSpec {
  const extra = suffix === "" ? 0 : suffix === "-process" ? edge.process : edge.realtime;
  return { ...spec, name: spec.name + suffix, base: spec.base | extra, extra };
}
