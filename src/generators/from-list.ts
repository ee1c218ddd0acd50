import type { Generator } from "./generator.ts";

/** These operations, each once, in this order, to whichever session asks. Copies the list once. */
export function fromList<T>(operations: readonly T[]): Generator<T> {
  return from([...operations], 0);
}

function from<T>(operations: readonly T[], position: number): Generator<T> {
  return {
    draw: () => {
      if (position >= operations.length) return { kind: "done" };
      const operation = operations[position] as T;
      return { kind: "operation", operation, at: 0, rest: from(operations, position + 1) };
    },
  };
}
