/** Shared, exclusive, or shared among inserters. */
export type LockMode = "read" | "write" | "insert";

/** Long locks on objects. Nobody waits in a queue: who is refused asks again later, or gives up. */
export class Locks<Owner> {
  readonly #held = new Map<string, Map<Owner, Set<LockMode>>>();

  /** Takes the lock, or answers false where another owner holds one that it does not go with. */
  take(key: string, owner: Owner, mode: LockMode): boolean {
    const holders = this.#held.get(key) ?? new Map<Owner, Set<LockMode>>();
    for (const [other, modes] of holders)
      if (other !== owner && [...modes].some((held) => held === "write" || held !== mode)) return false;
    const own = holders.get(owner) ?? new Set<LockMode>();
    this.#held.set(key, holders.set(owner, own.add(mode)));
    return true;
  }

  /** Gives up everything that the owner holds. */
  release(owner: Owner): void {
    for (const holders of this.#held.values()) holders.delete(owner);
  }
}
