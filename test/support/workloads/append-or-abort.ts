import {
  Abort,
  defineWorkload,
  map,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type TransactionOperation,
  type Workload,
} from "isolab";

import append from "../../../workloads/append.ts";

const { upsert } = append.variants;
const txn = upsert?.operations.txn;
if (upsert === undefined || txn === undefined) throw new Error("append has lost its transactions");

/**
 * The workload `append` with an application that changes its mind: a transaction that appends an even number
 * does all its work and then rolls back on purpose. Whoever sees such a number has read what was
 * never committed.
 */
const workload: Workload = defineWorkload({
  ...append,
  name: "append-or-abort",
  summary: "list-append, and transactions that append an even number roll back on purpose",
  generator: (parameters) =>
    map(
      (operation: PlannedOperation): PlannedOperation =>
        appendsEven(operation.args as TransactionOperation["args"])
          ? { ...operation, f: "take-back" }
          : operation,
      append.generator(parameters),
    ),
  variants: {
    upsert: { ...upsert, operations: { ...upsert.operations, "take-back": takingBack(txn) }, expect: [] },
  },
});

export default workload;

function appendsEven({ mops }: TransactionOperation["args"]): boolean {
  return mops.some(([kind, , value]) => kind === "append" && value % 2 === 0);
}

/** The same, but its transactions give up where they would commit. */
function takingBack({ invoke, run }: OperationDefinition): OperationDefinition {
  return { invoke, run: (session, args, attempt) => run(givingUp(session), args, attempt) };
}

function givingUp(session: Session): Session {
  return {
    dialect: session.dialect,
    isolation: session.isolation,
    query: (sql, params) => session.query(sql, params),
    think: () => session.think(),
    transaction: (body) =>
      session.transaction(async (tx) => {
        await body(tx);
        throw new Abort("taken-back");
      }),
  };
}
