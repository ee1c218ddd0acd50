import { simulate, type SimulatedOperation } from "../../src/generators/simulate.ts";
import type { Generator } from "../../src/generators/generator.ts";

/** Five sessions, seed 42, operations of 1 to 10 µs: a simulation where nothing else matters. */
export function run<T>(generator: Generator<T>, operations = 1000): SimulatedOperation<T>[] {
  return simulate(generator, {
    sessions: 5,
    seed: "42",
    operations,
    latencyNanos: (_, rng) => 1000 + rng.int(9000),
  });
}

/** The operations of {@link run}, in the order of their starts. */
export function operationsOf<T>(generator: Generator<T>, operations = 1000): T[] {
  return run(generator, operations).map(({ operation }) => operation);
}

/** 0, 1, 2, …, as many as asked. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}
