import type { Clock } from "../../clock/clock.ts";
import type { Watcher } from "../../clients/watcher.ts";
import type { Pulse } from "./pulse.ts";
import type { SteppedSession } from "./stepped-session.ts";

/** How long a session may neither return nor be found waiting for a lock. */
const patienceMs = 60_000;

/** So many beats pass before a statement is asked about: most have been answered by then. */
const beatsBeforeAsking = 2;

/** A session neither returned nor waited for a lock, as far as the server could tell. */
export class StuckError extends Error {
  override readonly name = "StuckError";
}

/** What a step led to, besides those whose statements have come back. */
export interface Settled {
  /** Sessions whose statements have come back, in the order in which they were let go on. */
  readonly returned: readonly SteppedSession[];
  /**
   * Sessions that came to wait. One that waited before, went on and waits again is not among them: whether
   * that could be seen is a matter of luck.
   */
  readonly blocked: readonly SteppedSession[];
  /** The session whose statement was taken back, since another one waits already. */
  readonly deferred: readonly SteppedSession[];
  /** Somebody waited before the step and went on in it while another one waited too: the server chose who. */
  readonly racy: boolean;
}

/** Waits until nobody executes: every statement has come back or is proven to wait. */
export class Settler {
  readonly #watcher: Watcher;
  readonly #clock: Clock;
  readonly #pulse: Pulse;
  /** Those that wait, in the order in which they came to. */
  readonly #waiting: SteppedSession[] = [];
  #changed: (() => void) | undefined;

  constructor(watcher: Watcher, clock: Clock, pulse: Pulse) {
    this.#watcher = watcher;
    this.#clock = clock;
    this.#pulse = pulse;
  }

  /** To be called whenever the state of a session changes. */
  readonly changed = (): void => {
    const resume = this.#changed;
    this.#changed = undefined;
    resume?.();
  };

  /** The first of the waiting sessions whose wait will end by itself. */
  get armed(): SteppedSession | undefined {
    return this.#waiting.find((session) => session.armed);
  }

  /**
   * @param issued the sessions whose statements were let go, or were hit by a fault, in order
   * @throws StuckError; whatever the watcher throws
   */
  async settle(issued: readonly SteppedSession[]): Promise<Settled> {
    const before = new Set(this.#waiting);
    const returned: SteppedSession[] = [];
    for (const session of issued) {
      this.#remove(session);
      await this.#look(session, returned);
    }
    let moved = 0;
    for (;;) {
      const session = await this.#released();
      if (session === undefined) break;
      moved++;
      this.#remove(session);
      this.#thaw(session);
      await this.#look(session, returned);
    }
    const deferred = await this.#keepOneWaiter();
    return {
      returned,
      blocked: this.#waiting.filter((session) => !before.has(session)),
      deferred,
      racy: this.#watcher.order === "none" && before.size >= 2 && moved > 0,
    };
  }

  /** Waits until no session runs its own code. */
  async untilClientsRest(sessions: readonly SteppedSession[]): Promise<void> {
    const deadline = this.#clock.nanos() + patienceMs * 1e6;
    while (sessions.some(({ state }) => state === "client")) {
      await Promise.race([this.#nextChange(), this.#pulse.next()]);
      if (this.#clock.nanos() > deadline)
        throw new StuckError("the code of a session neither ended nor waited for the server");
    }
  }

  /** Waits until a session's statement has come back, however long it waits for a lock. */
  async untilReturned(session: SteppedSession): Promise<void> {
    const deadline = this.#clock.nanos() + patienceMs * 1e6;
    while (!session.hasReturned()) {
      await Promise.race([this.#nextChange(), this.#pulse.next()]);
      if (this.#clock.nanos() > deadline) throw await this.#stuck(session);
    }
  }

  /** Lets everybody go on. */
  release(): void {
    for (const session of this.#waiting) this.#thaw(session);
    this.#waiting.length = 0;
  }

  async #look(session: SteppedSession, returned: SteppedSession[]): Promise<void> {
    if (await this.#returns(session)) {
      returned.push(session);
      return;
    }
    session.state = "blocked";
    this.#waiting.push(session);
    if (session.serverId !== undefined && !session.armed) this.#watcher.freeze(session.serverId);
  }

  /** True when the statement has come back, false when it is proven to wait. */
  async #returns(session: SteppedSession): Promise<boolean> {
    const deadline = this.#clock.nanos() + patienceMs * 1e6;
    let askAt = this.#pulse.beats + beatsBeforeAsking;
    while (!session.hasReturned()) {
      await Promise.race([this.#nextChange(), this.#pulse.next()]);
      if (session.hasReturned()) return true;
      if (this.#pulse.beats < askAt) continue;
      if (await this.#waits(session)) return session.hasReturned();
      askAt = this.#pulse.beats + 1;
      if (this.#clock.nanos() > deadline) throw await this.#stuck(session);
    }
    return true;
  }

  async #waits({ serverId }: SteppedSession): Promise<boolean> {
    return serverId !== undefined && (await this.#watcher.waiting([serverId])).has(serverId);
  }

  /** The session that has waited longest of those whose wait is over. */
  async #released(): Promise<SteppedSession | undefined> {
    if (this.#waiting.length === 0) return undefined;
    const returned = this.#waiting.find((session) => session.hasReturned());
    if (returned !== undefined) return returned;
    const ids = this.#waiting.flatMap(({ serverId }) => serverId ?? []);
    const proven = await this.#watcher.waiting(ids);
    return this.#waiting.find(
      (session) => session.hasReturned() || session.serverId === undefined || !proven.has(session.serverId),
    );
  }

  async #keepOneWaiter(): Promise<readonly SteppedSession[]> {
    const deferred: SteppedSession[] = [];
    while (this.#watcher.order === "one-waiter" && this.#waiting.length > 1) {
      const session = this.#waiting.pop();
      if (session?.serverId === undefined) break;
      await this.#watcher.cancel(session.serverId);
      await this.untilReturned(session);
      deferred.push(session);
    }
    return deferred;
  }

  async #stuck(session: SteppedSession): Promise<StuckError> {
    const id = session.serverId;
    const said = id === undefined ? "" : await this.#watcher.describe(id).catch(() => "");
    return new StuckError(
      `session ${session.number} neither returned nor waited for a lock within ${patienceMs / 1000} s${said === "" ? "" : ` (the server says: ${said})`}`,
    );
  }

  #remove(session: SteppedSession): void {
    const at = this.#waiting.indexOf(session);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  #thaw({ serverId }: SteppedSession): void {
    if (serverId !== undefined) this.#watcher.thaw(serverId);
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}
