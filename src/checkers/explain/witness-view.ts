import type { Json, Mop, Operation } from "../../history/operation.ts";
import { isMopList } from "../../history/mop-list.ts";
import type { Step, StepType, Witness } from "../verdict.ts";
import { operationName, type Party } from "./party.ts";
import { readOf } from "./read-words.ts";
import { mopText } from "./value-text.ts";
import { writeOf } from "./write-words.ts";

/** A witness as people see it: what to show of each transaction, and which of it decides. */
export interface WitnessView {
  readonly transactions: readonly TransactionView[];
  /** One per edge of a cycle; none for an anomaly that is no cycle. */
  readonly steps: readonly StepView[];
}

/** One transaction of a witness. */
export interface TransactionView {
  /** `T1`, by its position. */
  readonly name: string;
  /** "register by process 2 (index 7)". */
  readonly operation: string;
  /** Its micro-operations, cut to the part that decides. */
  readonly lines: readonly LineView[];
}

/** One line of a transaction: a micro-operation, or how many were left out. */
export interface LineView {
  readonly text: string;
  /** Whether a step that decides hangs on it. */
  readonly decides: boolean;
}

/** One edge. */
export interface StepView {
  /** Positions in {@link WitnessView.transactions}. */
  readonly from: number;
  readonly to: number;
  readonly type: StepType;
  readonly key?: Json;
  readonly sentence: string;
  /** Whether it makes the anomaly what it is. */
  readonly decides: boolean;
  /** The lines it leads from and to, where known: positions in {@link TransactionView.lines}. */
  readonly fromLine?: number;
  readonly toLine?: number;
}

/** A bound: micro-operations that decide nothing are left out of longer transactions. */
const linesPerTransaction = 8;

/** Prepares a witness for showing. Linear in its operations. */
export function witnessView({ cycle, steps }: Witness): WitnessView {
  const named = cycle.map((operation, i): Party => asParty(operation, i));
  const anchors = steps.map((step, i) => anchorsOf(step, named[i], named[(i + 1) % named.length]));
  const deciding = decidingSteps(steps.map(({ type }) => type));
  const shown = named.map((party, i) => {
    const before = (i + steps.length - 1) % Math.max(1, steps.length);
    const hook = (at: number, mop: Mop | undefined): Hook => ({
      mop,
      value: steps[at]?.value as Json | undefined,
      decides: deciding[at] === true,
    });
    return linesOf(party, [hook(i, anchors[i]?.from), hook(before, anchors[before]?.to)]);
  });
  return {
    transactions: named.map(({ name, operation }, i) => ({
      name,
      operation: operationName(operation),
      lines: (shown[i] ?? []).map(({ text, decides }) => ({ text, decides })),
    })),
    steps: steps.map((step, from): StepView => {
      const to = (from + 1) % named.length;
      const fromLine = lineOf(shown[from], anchors[from]?.from);
      const toLine = lineOf(shown[to], anchors[from]?.to);
      return {
        from,
        to,
        type: step.type,
        ...(step.key === undefined ? {} : { key: step.key as Json }),
        sentence: step.explanation,
        decides: deciding[from] === true,
        ...(fromLine === undefined ? {} : { fromLine }),
        ...(toLine === undefined ? {} : { toLine }),
      };
    }),
  };
}

interface Anchors {
  readonly from: Mop | undefined;
  readonly to: Mop | undefined;
}

interface Line extends LineView {
  readonly mop?: Mop;
}

function asParty(operation: Operation, i: number): Party {
  const { value, index } = operation;
  return { name: `T${i + 1}`, operation, mops: isMopList(value) ? value : [], invokedIndex: index };
}

/** The micro-operations that a step leads from and to. */
function anchorsOf({ type, key, value }: Step, a: Party | undefined, b: Party | undefined): Anchors {
  if (a === undefined || b === undefined || key === undefined) return { from: undefined, to: undefined };
  const [on, what] = [key as Json, value as Json | undefined];
  if (type.startsWith("ww")) return { from: writeOf(a, on), to: writeOf(b, on, what) ?? writeOf(b, on) };
  if (type.startsWith("wr"))
    return { from: writeOf(a, on, what) ?? writeOf(a, on), to: readOf(b, on, what, true) };
  return { from: readOf(a, on, what, false), to: writeOf(b, on, what) ?? writeOf(b, on) };
}

/**
 * What makes a circle the anomaly it is: its anti-dependencies, without these its reads, and without
 * both the step that closes it.
 */
function decidingSteps(types: readonly StepType[]): readonly boolean[] {
  const kind = ["rw", "wr"].find((one) => types.some((type) => type.startsWith(one)));
  return types.map((type, at) => (kind === undefined ? at === types.length - 1 : type.startsWith(kind)));
}

/** What makes a line worth keeping: a step hangs on it. */
interface Hook {
  readonly mop: Mop | undefined;
  readonly value: Json | undefined;
  readonly decides: boolean;
}

/** All lines of a short transaction; of a long one those that decide, and how many stand between. */
function linesOf({ mops }: Party, hooks: readonly Hook[]): readonly Line[] {
  const lines = mops.map((mop): Line & { readonly isHook: boolean } => {
    const own = hooks.filter((hook) => hook.mop === mop);
    return {
      mop,
      text: mopText(mop, own[0]?.value),
      decides: own.some(({ decides }) => decides),
      isHook: own.length > 0,
    };
  });
  if (lines.length <= linesPerTransaction) return lines;
  const isKept = (at: number): boolean => lines[at]?.isHook === true || at < 1 || at === lines.length - 1;
  const kept: Line[] = [];
  let skipped = 0;
  lines.forEach((line, at) => {
    if (!isKept(at)) skipped++;
    else {
      if (skipped > 0) kept.push({ text: `… ${skipped} more`, decides: false });
      skipped = 0;
      kept.push(line);
    }
  });
  return kept;
}

function lineOf(lines: readonly Line[] | undefined, mop: Mop | undefined): number | undefined {
  const at = mop === undefined ? -1 : (lines?.findIndex((line) => line.mop === mop) ?? -1);
  return at < 0 ? undefined : at;
}
