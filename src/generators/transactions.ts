import { exponential, type IndexChoice, uniform, zipf } from "../random/index-choice.ts";
import type { Rng } from "../random/rng.ts";
import { blankPool, type KeyPool, poolWriter } from "./key-pool.ts";
import type { Draw, Generator } from "./generator.ts";

/** `["r",k,null]`, or a write (`append` for lists, `w` for registers) of element v to key k. */
export type TransactionMop =
  | readonly [kind: "r", key: number, value: null]
  | readonly [kind: "append" | "w", key: number, value: number];

/** One transaction as it is planned: what to read and write, in this order. */
export interface TransactionOperation {
  readonly f: "txn";
  readonly args: { readonly mops: readonly TransactionMop[] };
}

/** How skewed the choice among the active keys is; the first key is the hottest. */
export type KeyDistribution = "uniform" | "exponential" | "zipf";

/** What random transactions over a few keys are like. */
export interface TransactionOptions {
  /** Keys in use at any time. */
  readonly keyCount: number;
  /** Micro-operations of the shortest transaction. */
  readonly minLength: number;
  /** Micro-operations of the longest transaction; every length between is equally likely. */
  readonly maxLength: number;
  /** After so many writes a key is retired at the next write to it, and a fresh key takes its place. */
  readonly maxWritesPerKey: number;
  readonly keyDistribution: KeyDistribution;
  /** Probability that a micro-operation is a read, from 0 to 1. */
  readonly readFraction: number;
}

/** What {@link TransactionOptions} are where nothing else is said; close to those of Elle. */
export const transactionDefaults: TransactionOptions = {
  keyCount: 10,
  minLength: 1,
  maxLength: 4,
  maxWritesPerKey: 32,
  keyDistribution: "exponential",
  readFraction: 0.5,
};

/**
 * Endless random transactions of appends to and reads of lists, for the list-append checker (the
 * generator of elle.list-append). Keys are 0, 1, 2, …; the elements of a key are 1, 2, 3, … in the
 * order of the plan, so every element of a key is written once.
 *
 * Cost: O(keyCount) per write drawn; nothing is kept of keys that were retired.
 *
 * @throws RangeError for options out of range
 */
export function listAppendTransactions(
  options: Partial<TransactionOptions> = {},
): Generator<TransactionOperation> {
  return transactions("append", options);
}

/**
 * The same with registers: writes replace the value (the generator of elle.rw-register).
 *
 * @throws RangeError for options out of range
 */
export function registerTransactions(
  options: Partial<TransactionOptions> = {},
): Generator<TransactionOperation> {
  return transactions("w", options);
}

function transactions(
  write: "append" | "w",
  options: Partial<TransactionOptions>,
): Generator<TransactionOperation> {
  const settings = { ...transactionDefaults, ...options };
  validate(settings);
  const chooseSlot = slotChoice(settings);
  const from = (pool: KeyPool): Generator<TransactionOperation> => ({
    draw: ({ rng }): Draw<TransactionOperation> => {
      const writer = poolWriter(pool, settings.maxWritesPerKey);
      const mops = Array.from({ length: lengthOf(settings, rng) }, (): TransactionMop => {
        const slot = chooseSlot(rng);
        if (rng.chance(settings.readFraction)) return ["r", writer.key(slot), null];
        const element = writer.write(slot);
        return [write, writer.key(slot), element];
      });
      return { kind: "operation", operation: { f: "txn", args: { mops } }, at: 0, rest: from(writer.pool()) };
    },
  });
  return from(blankPool(settings.keyCount));
}

function lengthOf({ minLength, maxLength }: TransactionOptions, rng: Rng): number {
  return minLength + rng.int(maxLength - minLength + 1);
}

function slotChoice({ keyDistribution, keyCount }: TransactionOptions): IndexChoice {
  switch (keyDistribution) {
    case "uniform":
      return uniform(keyCount);
    case "exponential":
      return exponential(keyCount);
    case "zipf":
      return zipf(keyCount);
  }
}

function validate(options: TransactionOptions): void {
  const { minLength, maxLength, readFraction } = options;
  for (const name of ["keyCount", "minLength", "maxLength", "maxWritesPerKey"] as const)
    if (!Number.isInteger(options[name]) || options[name] < 1)
      throw new RangeError(`${name} is an integer ≥ 1, got ${options[name]}`);
  if (minLength > maxLength)
    throw new RangeError(`minLength is at most maxLength, got ${minLength} and ${maxLength}`);
  if (!(readFraction >= 0 && readFraction <= 1))
    throw new RangeError(`readFraction is a number from 0 to 1, got ${readFraction}`);
}
