import { isDeepStrictEqual } from "node:util";

import { answerOf, tracedResult } from "../../runner/interleaved/outcome.ts";
import type { TurnResult } from "../../runner/interleaved/turn.ts";
import type { TracedResult } from "../../scheduler/trace.ts";
import type { UserTurn } from "./user-turn.ts";

/**
 * Counts how often in a row a session has sent the same statement with the same values and was answered the same: it may
 * ask until another session has changed something. What has changed something itself is no question.
 */
export class Repeats {
  #last: Pick<UserTurn, "sql" | "call"> | undefined;
  #answer: TracedResult | undefined;
  #count = 0;

  /** To be called when a statement is sent. */
  sent(turn: UserTurn): void {
    if (this.#isLast(turn)) return;
    this.#last = turn;
    this.#answer = undefined;
    this.#count = 0;
  }

  /** To be called when the one that was sent last is answered. */
  answered(result: TurnResult): void {
    const answer = tracedResult(result);
    const changed = "value" in result && (answerOf(result.value)?.affected ?? 0) > 0;
    if (changed) this.#count = 0;
    else this.#count = isDeepStrictEqual(answer, this.#answer) ? this.#count + 1 : 1;
    this.#answer = answer;
  }

  /** How often before this statement. */
  before(turn: UserTurn): number {
    return this.#isLast(turn) ? this.#count : 0;
  }

  #isLast({ sql, call }: UserTurn): boolean {
    return this.#last?.sql === sql && isDeepStrictEqual(call.params, this.#last.call.params);
  }
}
