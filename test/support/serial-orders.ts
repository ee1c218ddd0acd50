/** What a transaction read and wrote, as its own code saw it. Each write has a value of its own. */
export interface LoggedTransaction {
  readonly accesses: (
    | { readonly kind: "read"; readonly id: number; readonly value: number }
    /** `at`: writes of a row follow each other by it. */
    | { readonly kind: "write"; readonly id: number; readonly value: number; readonly at: number }
  )[];
}

/**
 * Whether some serial order of committed transactions explains every value that was read, with the writes of each row
 * in the order in which they were made. Tries all orders: for a handful of transactions.
 */
export function isSerializable(
  transactions: readonly LoggedTransaction[],
  initial: ReadonlyMap<number, number>,
): boolean {
  return follow(transactions, new Map(initial), new Map());
}

function follow(
  left: readonly LoggedTransaction[],
  values: ReadonlyMap<number, number>,
  written: ReadonlyMap<number, number>,
): boolean {
  if (left.length === 0) return true;
  return left.some((next) => {
    const after = performed(next, values, written);
    if (after === undefined) return false;
    return follow(
      left.filter((one) => one !== next),
      after.values,
      after.written,
    );
  });
}

function performed(
  { accesses }: LoggedTransaction,
  before: ReadonlyMap<number, number>,
  writtenBefore: ReadonlyMap<number, number>,
):
  | { readonly values: ReadonlyMap<number, number>; readonly written: ReadonlyMap<number, number> }
  | undefined {
  const values = new Map(before);
  const written = new Map(writtenBefore);
  for (const access of accesses) {
    if (access.kind === "read") {
      if (values.get(access.id) !== access.value) return undefined;
      continue;
    }
    if (access.at < (written.get(access.id) ?? 0)) return undefined;
    values.set(access.id, access.value);
    written.set(access.id, access.at);
  }
  return { values, written };
}
