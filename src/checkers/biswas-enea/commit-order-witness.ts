import { operationAt } from "../../history/operation-at.ts";
import { elementText, indexOf, keyText, sentenceList } from "../explain/describe.ts";
import { parties, who } from "../explain/party.ts";
import { keyName, valueText } from "../explain/value-text.ts";
import { type Step, type Witness, witnessesPerType } from "../verdict.ts";
import { type BeModel, cycleAnomaly } from "./be-models.ts";
import { causalPath, isLaterInSession, type Path, withoutSessionSteps } from "./causal-path.ts";
import type { CommitOrderCycles } from "./commit-order.ts";
import type { ForcedOrder, StaleInitialRead } from "./forced-order.ts";
import { valueWritten } from "./last-value.ts";
import type { RegisterHistory } from "./register-history.ts";

/** A bound: how many operations stand for a component in which no cycle was found in time. */
const operationsPerComponent = 16;

/** The contradictions as cases, shortest first; empty where there are none. */
export function commitOrderWitnesses(
  history: RegisterHistory,
  model: BeModel,
  forced: ForcedOrder,
  { cycles, unnamed }: CommitOrderCycles,
): readonly Witness[] {
  const teller = new Teller(history, model, forced);
  const stale = forced.stale.map((read) => teller.staleRead(read));
  const told = [...stale, ...cycles.map((path) => teller.cycle(path))];
  const shortest = told.sort((a, b) => a.cycle.length - b.cycle.length).slice(0, witnessesPerType);
  return shortest.length > 0 ? shortest : unnamed.map((members) => teller.component(members));
}

class Teller {
  readonly #history: RegisterHistory;
  readonly #anomaly: string;
  readonly #forced: ForcedOrder;

  constructor(history: RegisterHistory, model: BeModel, forced: ForcedOrder) {
    this.#history = history;
    this.#anomaly = cycleAnomaly(model);
    this.#forced = forced;
  }

  cycle(found: Path): Witness {
    const path = withoutSessionSteps(this.#history, found);
    return this.#witness(
      path,
      path.map((node, i) => this.#step(node, path[(i + 1) % path.length] ?? node, names(i, path.length))),
    );
  }

  /** From the writer over reads and sessions to the reader, which did not see the write. */
  staleRead({ writer, reader, key }: StaleInitialRead): Witness {
    const path = causalPath(this.#history, writer, reader);
    const text = keyText(this.#history.transactions.history, key);
    const [a, b] = names(path.length - 1, path.length);
    const steps = path
      .slice(1)
      .map((node, i) => this.#step(path[i] ?? node, node, names(i, path.length)))
      .concat({
        type: "rw",
        key: this.#history.transactions.history.keys[key],
        value: null,
        explanation: `${a} read ${text} in its initial state, which ${b} replaced`,
      });
    return this.#witness(path, steps);
  }

  component(members: Int32Array): Witness {
    const { transactions } = this.#history;
    return {
      cycle: [...members.subarray(0, operationsPerComponent)].map((node) =>
        operationAt(transactions.history, transactions.row[node] ?? 0),
      ),
      steps: [],
      explanation: `${this.#anomaly}: ${members.length} transactions would each have to commit before another of them, in a circle that the search could not shorten.`,
    };
  }

  #witness(path: Path, steps: readonly Step[]): Witness {
    const { history, row } = this.#history.transactions;
    const rows = path.map((node) => row[node] ?? 0);
    const why = steps.map(({ explanation }) => explanation).join("; ");
    return {
      cycle: rows.map((at) => operationAt(history, at)),
      steps,
      explanation: `${this.#anomaly}: each of these must have committed before the next and the last before the first. ${sentenceList(parties(history, rows).map(who))}: ${why}.`,
    };
  }

  #step(from: number, to: number, [a, b]: readonly [string, string]): Step {
    const { transactions } = this.#history;
    const { history } = transactions;
    const read = this.#keyRead(from, to);
    if (read !== null) {
      const value = valueWritten(transactions, from, read);
      const noun = `write of ${elementText(history, value)} to ${keyName(history.keys[read])}`;
      const explanation = `${b} saw ${a}'s ${noun}`;
      return { type: "wr", key: history.keys[read], value: history.values[value], explanation };
    }
    if (isLaterInSession(this.#history, from, to)) {
      const process = operationAt(history, transactions.row[from] ?? 0).process;
      return {
        type: "process",
        explanation: `${a} and ${b} ran on process ${valueText(process)}, ${a} first`,
      };
    }
    return this.#forcedStep(from, to, a, b);
  }

  /** The first key that a node read from another, or null. */
  #keyRead(writer: number, reader: number): number | null {
    const { readStart, readWriter, readKey } = this.#history;
    for (let read = readStart[reader] ?? 0; read < (readStart[reader + 1] ?? 0); read++)
      if (readWriter[read] === writer) return readKey[read] ?? 0;
    return null;
  }

  #forcedStep(from: number, to: number, a: string, b: string): Step {
    const { transactions } = this.#history;
    const { history } = transactions;
    const froms = this.#forced.from.view();
    const at = froms.findIndex((node, i) => node === from && this.#forced.to.at(i) === to);
    const reader = this.#forced.reader.at(at);
    const key = this.#forced.key.at(at);
    const value = valueWritten(transactions, to, key);
    const explanation =
      `${b} wrote ${elementText(history, value)} to ${keyText(history, key)} after ${a} wrote ` +
      `${elementText(history, valueWritten(transactions, from, key))}, for ${this.#index(reader)} read the value of ${b} ` +
      `although ${a} came before it (${this.#how(from, reader, key)})`;
    return { type: "ww", key: history.keys[key], value: history.values[value], explanation };
  }

  /** How a node comes before a reader. */
  #how(from: number, reader: number, key: number): string {
    const { history } = this.#history.transactions;
    const path = causalPath(this.#history, from, reader);
    if (path.length > 2) return `over ${sentenceList(path.slice(1, -1).map((node) => this.#index(node)))}`;
    const read = this.#keyRead(from, reader);
    if (read === null) return "earlier on the same process";
    return read === key ? "it read that one's value as well" : `it read ${keyText(history, read)} from it`;
  }

  #index(node: number): string {
    const { history, row } = this.#history.transactions;
    return `index ${indexOf(history, row[node] ?? 0)}`;
  }
}

function names(i: number, length: number): readonly [string, string] {
  return [`T${i + 1}`, `T${((i + 1) % length) + 1}`];
}
