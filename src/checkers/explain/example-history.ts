import type { Header } from "../../history/header.ts";
import { historyBuilder } from "../../history/history-builder.ts";
import type { History } from "../../history/history.ts";
import type { Mop, Operation } from "../../history/operation.ts";
import { check } from "../check.ts";
import type { Verdict } from "../verdict.ts";
import type { Example, ExampleStep } from "../models/descriptions/examples/example.ts";

/**
 * The history that an example's schedule leaves: an operation per transaction, invoked where it begins
 * and completed where it commits (`ok`) or aborts (`fail`). Sessions are processes; the database began
 * empty.
 * @throws Error when a transaction has no end.
 */
export function exampleHistory(example: Example): History {
  const builder = historyBuilder(header(example));
  let index = 0;
  example.steps.forEach(([session, action], at) => {
    if (action !== "begin" && action !== "commit" && action !== "abort") return;
    const mops =
      action === "begin" ? mopsAfter(example.steps, session, at) : mopsBefore(example.steps, session, at);
    const data = action === "begin" ? undefined : example.data?.[session];
    const cause = action === "abort" ? example.causes?.[session] : undefined;
    builder.add({
      index: index++,
      time: at,
      process: session,
      type: outcomes[action],
      f: (typeof example.f === "object" ? example.f[session] : example.f) ?? "txn",
      value: action === "begin" ? mops.map(asInvoked) : mops,
      ...(data === undefined ? {} : { data }),
      ...(cause === undefined ? {} : { error: { cause } }),
    });
  });
  return builder.build();
}

/** What our own checkers say of an example. */
export function judgeExample(example: Example): Verdict {
  const { model, wfrKeys = false } = example;
  return check(exampleHistory(example), { model, wfrKeys });
}

const outcomes = { begin: "invoke", commit: "ok", abort: "fail" } as const satisfies Record<
  string,
  Operation["type"]
>;

/** What a session does from its `begin` to its end. */
function mopsAfter(steps: readonly ExampleStep[], session: number, at: number): readonly Mop[] {
  const mops: Mop[] = [];
  for (const [who, action] of steps.slice(at + 1)) {
    if (who !== session) continue;
    if (typeof action === "string") return mops;
    mops.push(action);
  }
  throw new Error(`session ${session} of the example never ends its transaction`);
}

/** What a session did since its last `begin`. */
function mopsBefore(steps: readonly ExampleStep[], session: number, at: number): readonly Mop[] {
  const begin = steps.slice(0, at).findLastIndex(([who, action]) => who === session && action === "begin");
  return mopsAfter(steps, session, begin);
}

function asInvoked([kind, key, value]: Mop): Mop {
  return [kind, key, kind === "r" || kind === "rs" || kind === "rp" ? null : value];
}

function header({ checks }: Example): Header {
  return {
    isolab: 1,
    seed: "example",
    workload: "example",
    params: {},
    mode: "interleaved",
    isolation: "serializable",
    database: { kind: "postgres", version: "0", settings: {} },
    ...(checks === undefined ? {} : { checks }),
  };
}
