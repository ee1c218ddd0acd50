import type {
  OperationDefinition,
  Session,
  PlannedOperation,
  Completed,
  Variant,
  Workload,
} from "./workload.ts";

/**
 * An operation without micro-operations that write: nothing of it need be known before it is sent. What it
 * returns may leave out `value`, for none.
 */
export type Body = (
  session: Session,
  args: PlannedOperation["args"],
  attempt: string,
) => Promise<Partial<Completed>>;

/** Operations by the name that plans call them. */
export type Operations = Readonly<Record<string, OperationDefinition | Body>>;

/** A variant as a workload file states it. */
export interface VariantDefinition extends Omit<Variant, "operations" | "expect"> {
  /** Those that this variant carries out in its own way. */
  readonly operations: Operations;
  /** Nothing must show, and anything may, when left out. */
  readonly expect?: Variant["expect"];
}

/** The parts of a workload that may be left out. */
type Optional = "cannotReveal" | "parameters" | "setup" | "atRest" | "checks";

/** A workload as its file states it: without what goes without saying. */
export interface WorkloadDefinition
  extends Omit<Workload, Optional | "variants">, Partial<Pick<Workload, Optional>> {
  /** Operations that all variants carry out alike, such as `read-at-rest`. */
  readonly operations?: Operations;
  /** The first is the default. */
  readonly variants: Readonly<Record<string, VariantDefinition>>;
}

/** What a clean run never proves, where nobody says more. */
const cannotReveal = "what neither its checks nor its micro-operations look at";

/** The same with everything in it. */
export function completed({ operations: shared = {}, ...definition }: WorkloadDefinition): Workload {
  const variants = Object.entries(definition.variants).map(([name, variant]): [string, Variant] => {
    const operations = Object.entries({ ...shared, ...variant.operations });
    const all = Object.fromEntries(operations.map(([f, one]) => [f, defined(one)]));
    return [name, { ...variant, operations: all, expect: variant.expect ?? [] }];
  });
  return {
    ...definition,
    cannotReveal: definition.cannotReveal ?? cannotReveal,
    parameters: definition.parameters ?? {},
    setup: definition.setup ?? (() => []),
    atRest:
      definition.atRest ?? (variants.every(([, { operations }]) => rest in operations) ? each : () => []),
    checks: definition.checks ?? [],
    variants: Object.fromEntries(variants),
  };
}

/** The operation that reads when everything has ended; alone, it proves nothing. */
const rest = "read-at-rest";

/** One read at rest for everything that some operation was about: each of the arguments that there were, once. */
const each: Workload["atRest"] = (plan) => {
  const distinct = new Map(plan.map(({ args }) => [JSON.stringify(args), args]));
  return [...distinct.values()].map((args) => ({ f: rest, args }));
};

function defined(operation: OperationDefinition | Body): OperationDefinition {
  return typeof operation === "function" ? { invoke: () => [], run: withoutWrites(operation) } : operation;
}

/** Kinds of micro-operations of which an attempt that came to nothing leaves no trace. */
const reads: ReadonlySet<string> = new Set(["r", "rs", "rp"]);

/** An attempt of unknown outcome would hide what it wrote, and whoever saw that would seem to read garbage. */
function withoutWrites(body: Body): OperationDefinition["run"] {
  return async (session, args, attempt) => {
    const found = (await body(session, args, attempt)) as Partial<Completed> | undefined;
    if (typeof found !== "object") return found as unknown as Completed;
    const { value = [] } = found;
    if (
      Array.isArray(value) &&
      value.some((mop: unknown) => Array.isArray(mop) && !reads.has(String(mop[0])))
    )
      throw new TypeError(
        "it returned micro-operations that write and were not told before: define it as { invoke, run }",
      );
    return { ...found, value };
  };
}
