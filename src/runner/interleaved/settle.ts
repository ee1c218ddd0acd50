import type { Clock } from "../../clock/clock.ts";
import { DatabaseError } from "../../clients/database-error.ts";
import type { Watcher } from "../../clients/watcher.ts";
import { answerOf } from "./outcome.ts";
import { startPulse, type Pulse } from "./pulse.ts";
import type { Stepper } from "./stepper.ts";

/** How long a session may neither return nor be found waiting for a lock. */
const patienceMs = 60_000;

/** The server's word that it undid a statement which it was asked to end. */
const takenBack = "cancelled";

/** So many beats pass before a statement is asked about: most have been answered by then. */
const beatsBeforeAsking = 2;

/** The same where the server tells of most waits by itself. */
const beatsWhenTold = 20;

/** A session neither returned nor waited for a lock, as far as the server could tell. */
export class StuckError extends Error {
  override readonly name = "StuckError";
}

/** What a step led to, besides those whose statements have come back. */
export interface Settled<S> {
  /**
   * Sessions whose statements have come back: in the order in which they were let go on; where nothing keeps
   * them in order, those that were let go by the step first, then the others as they came to wait.
   */
  readonly returned: readonly S[];
  /**
   * Sessions that came to wait. One that waited before, went on and waits again is not among them: whether
   * that could be seen is a matter of luck.
   */
  readonly blocked: readonly S[];
  /** The session whose statement was taken back, since another one waits already. */
  readonly deferred: readonly S[];
  /** Somebody waited before the step and went on in it while another one waited too: the server chose who. */
  readonly racy: boolean;
}

/** Waits until nobody executes: every statement has come back or is proven to wait. */
export class Settler<S extends Stepper> {
  readonly #watcher: Watcher;
  readonly #clock: Clock;
  readonly #pulse: Pulse;
  /** Those that wait, in the order in which they came to. */
  readonly #waiting: S[] = [];
  /** Those of them whose wait will end by itself. */
  readonly #ending = new Set<S>();
  /** Ids of those that the server has said to wait. */
  readonly #told = new Set<number>();
  readonly #stopListening: (() => void) | undefined;
  #changed: (() => void) | undefined;

  constructor(watcher: Watcher, clock: Clock) {
    this.#watcher = watcher;
    this.#clock = clock;
    this.#pulse = startPulse(clock, this.changed);
    this.#stopListening = watcher.onWait?.((id) => {
      this.#told.add(id);
      this.changed();
    });
  }

  /** To be called whenever the state of a session changes. */
  readonly changed = (): void => {
    const resume = this.#changed;
    this.#changed = undefined;
    resume?.();
  };

  /** Beats of a millisecond clock so far. */
  get beats(): number {
    return this.#pulse.beats;
  }

  /** The first of the waiting sessions whose wait will end by itself. */
  get armed(): S | undefined {
    return this.#waiting.find((session) => this.#ending.has(session));
  }

  /**
   * @param issued the sessions whose statements were let go, or were hit by a fault, in order
   * @throws StuckError; whatever the watcher throws
   */
  async settle(issued: readonly S[]): Promise<Settled<S>> {
    const before = new Set(this.#waiting);
    const order = [...issued, ...before];
    const returned: S[] = [];
    for (const session of issued) {
      this.#remove(session);
      // Who waited before and is hit by a fault has been seen waiting in a step before this one.
      if (before.has(session) && session.hasReturned()) returned.push(session);
      else await this.#look(session, returned);
    }
    const deferred: S[] = [];
    // After a pause of the application's nothing has been sent, so nobody can have been let go.
    const paused = issued.length > 0 && issued.every(({ doing }) => doing === "think");
    const moved = paused || this.#waiting.length === 0 ? 0 : await this.#letOthersGoOn(returned, deferred);
    if (this.#watcher.order !== "freeze") returned.sort((a, b) => order.indexOf(a) - order.indexOf(b));
    return {
      returned,
      blocked: this.#waiting.filter((session) => !before.has(session)),
      deferred,
      racy: this.#watcher.order === "none" && before.size >= 2 && moved > 0,
    };
  }

  /** Answers how often somebody who had waited went on. */
  async #letOthersGoOn(returned: S[], deferred: S[]): Promise<number> {
    let moved = 0;
    // A statement that is taken back lets go of some of its locks, so others may go on once more.
    do {
      for (let session = await this.#released(); session !== undefined; session = await this.#released()) {
        moved++;
        this.#remove(session);
        this.#thaw(session);
        await this.#look(session, returned);
      }
    } while (await this.#keepOneWaiter(deferred, returned));
    return moved;
  }

  /**
   * Waits until no session runs its own code.
   * @throws StuckError after that long
   */
  async untilClientsRest(sessions: readonly S[], patience: number = patienceMs): Promise<void> {
    const deadline = this.#clock.nanos() + patience * 1e6;
    while (sessions.some(({ state }) => state === "client")) {
      await this.nextChange();
      if (this.#clock.nanos() > deadline && sessions.some(({ state }) => state === "client"))
        throw new StuckError("the code of a session neither ended nor waited for the server");
    }
  }

  /** Waits until a session's statement has come back, however long it waits for a lock. */
  async untilReturned(session: S): Promise<void> {
    const deadline = this.#clock.nanos() + patienceMs * 1e6;
    while (!session.hasReturned()) {
      await this.nextChange();
      if (this.#clock.nanos() > deadline && !session.hasReturned()) throw await this.#stuck(session);
    }
  }

  /** Lets everybody go on. */
  release(): void {
    for (const session of this.#waiting) this.#thaw(session);
    this.#waiting.length = 0;
  }

  /** To be called when nothing is waited for any more. */
  stop(): void {
    this.#pulse.stop();
    this.#stopListening?.();
  }

  async #look(session: S, returned: S[]): Promise<void> {
    if ((await this.#returns(session)) && !timedOut(session)) {
      returned.push(session);
      return;
    }
    session.state = "blocked";
    this.#waiting.push(session);
    const { serverId } = session;
    if (serverId === undefined) return;
    if (session.armed && (timedOut(session) || (await this.#watcher.timesOut(serverId))))
      this.#ending.add(session);
    else this.#watcher.freeze(serverId);
  }

  /** True when the statement has come back, false when it is proven to wait. */
  async #returns(session: S): Promise<boolean> {
    const deadline = this.#clock.nanos() + patienceMs * 1e6;
    let askAt = this.#pulse.beats + (this.#watcher.onWait === undefined ? beatsBeforeAsking : beatsWhenTold);
    let question: Question | undefined;
    while (!session.hasReturned()) {
      await this.nextChange();
      if (session.hasReturned()) return true;
      if (question?.answer !== undefined) {
        if (await question.answer) return session.hasReturned();
        question = undefined;
        askAt = this.#pulse.beats + 1;
        if (this.#clock.nanos() > deadline) throw await this.#stuck(session);
      } else if (question === undefined && (this.#isTold(session) || this.#pulse.beats >= askAt))
        question = this.#ask(session);
    }
    return true;
  }

  #isTold({ serverId }: S): boolean {
    return serverId !== undefined && this.#told.delete(serverId);
  }

  /** Asks whether it waits. Who has come back meanwhile need not wait for the answer. */
  #ask(session: S): Question {
    const question: Question = { answer: undefined };
    const answer = this.#waits(session);
    const settled = (): void => {
      question.answer = answer;
      this.changed();
    };
    answer.then(settled, settled);
    return question;
  }

  async #waits({ serverId }: S): Promise<boolean> {
    return serverId !== undefined && (await this.#watcher.waiting([serverId])).has(serverId);
  }

  /** The session that has waited longest of those whose wait is over. */
  async #released(): Promise<S | undefined> {
    const waiting = this.#waiting.filter((session) => !timedOut(session));
    if (waiting.length === 0) return undefined;
    const returned = waiting.find((session) => session.hasReturned());
    if (returned !== undefined) return returned;
    const ids = waiting.flatMap(({ serverId }) => serverId ?? []);
    const proven = await this.#watcher.waiting(ids);
    return waiting.find(
      (session) => session.hasReturned() || session.serverId === undefined || !proven.has(session.serverId),
    );
  }

  /** Answers whether a statement was ended. */
  async #keepOneWaiter(deferred: S[], returned: S[]): Promise<boolean> {
    let ended = false;
    while (this.#watcher.order === "one-waiter" && this.#waiting.length > 1) {
      const session = this.#waiting.at(-1);
      if (session?.serverId === undefined) break;
      this.#remove(session);
      await this.#watcher.cancel(session.serverId);
      await this.untilReturned(session);
      ended = true;
      // Whatever else it answered has happened, and must not happen again.
      if (endedWith(session, takenBack) || gaveUp(session)) deferred.push(session);
      else returned.push(session);
    }
    return ended;
  }

  async #stuck(session: S): Promise<StuckError> {
    const id = session.serverId;
    const said = id === undefined ? "" : await this.#watcher.describe(id).catch(() => "");
    return new StuckError(
      `session ${session.number} neither returned nor waited for a lock within ${patienceMs / 1000} s${said === "" ? "" : ` (the server says: ${said})`}`,
    );
  }

  #remove(session: S): void {
    const at = this.#waiting.indexOf(session);
    if (at >= 0) this.#waiting.splice(at, 1);
    this.#ending.delete(session);
  }

  #thaw({ serverId }: S): void {
    if (serverId !== undefined) this.#watcher.thaw(serverId);
  }

  /** Comes back when the state of a session has changed, or at the next beat. */
  nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}

/** What the server was asked about a session: a promise that has settled, once the answer is there. */
interface Question {
  answer: Promise<boolean> | undefined;
}

/** The timeout that was set for its wait ended it: that is a step of its own, whenever it was noticed. */
function timedOut(session: Stepper): boolean {
  return session.armed && endedWith(session, "lock-timeout");
}

/** GET_LOCK that is interrupted is no error: it answers NULL, and has done nothing (MariaDB manual, GET_LOCK). */
function gaveUp({ result }: Stepper): boolean {
  const answer = result === undefined || "error" in result ? undefined : answerOf(result.value);
  return answer?.affected === 0 && answer.rows.some((row) => Object.values(row).includes(null));
}

function endedWith({ result }: Stepper, cause: string): boolean {
  return (
    result !== undefined &&
    "error" in result &&
    result.error instanceof DatabaseError &&
    result.error.fields.cause === cause
  );
}
