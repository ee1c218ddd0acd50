import { AnsweredKeys } from "./answered-keys.ts";
import type { Leaf, Place } from "./tree.ts";

/** What two runs may differ in and still be the same. It only ever grows more lenient. */
export class Lens {
  readonly #ignored: ReadonlySet<Place>;
  readonly #masked = new Set<Place>();
  readonly #lasting = new Map<string, ReadonlySet<string>>();
  #hasLasting = false;
  readonly #constants = new Set<string>();
  /** Which numbers in answers are generated keys. */
  readonly answered = new AnsweredKeys();
  /** Which generated keys and UUIDs belong together is the same in every run of an order. */
  comparesLinks = true;
  /** Lists are in the same order in every run of an order. */
  comparesOrder = true;

  /**
   * @param ignore places that people name: `orders`, `orders.amount`, `result`, `result.token`; a `result` is that of
   *   every session
   */
  constructor(ignore: readonly string[]) {
    this.#ignored = new Set(ignore.map((place) => place.replaceAll("[]", "")));
  }

  /** Whether nothing in this place is compared. */
  ignores(place: Place): boolean {
    return this.#ignored.has(publicPlace(place));
  }

  /** Whether the values in this place are not compared, though there may be lists and objects that are. */
  hides(place: Place): boolean {
    return this.#masked.has(place) || this.ignores(place);
  }

  /** From now on the values in this place are not compared. */
  mask(place: Place): void {
    this.#masked.add(place);
  }

  /**
   * Tells which generated values were there after one more set-up. Those that every set-up makes stand for themselves;
   * any other generated value is equal to any other.
   *
   * @param keys by generated column
   */
  afterSetup(keys: ReadonlyMap<string, ReadonlySet<string>>): void {
    if (this.#hasLasting) {
      for (const [of, known] of this.#lasting)
        this.#lasting.set(of, new Set([...known].filter((key) => keys.get(of)?.has(key) === true)));
    } else {
      for (const [of, known] of keys) this.#lasting.set(of, known);
    }
    this.#hasLasting = true;
  }

  /** Tells of UUIDs that two runs had in common, and that were therefore not drawn in them. */
  constant(uuids: Iterable<string>): void {
    for (const uuid of uuids) this.#constants.add(uuid);
  }

  /** Whether this value of a generated column is the same in every run. */
  isLasting(of: string, key: string): boolean {
    return this.#lasting.get(of)?.has(key) === true;
  }

  isConstant(uuid: string): boolean {
    return this.#constants.has(uuid);
  }

  /** A text that is the same for two leaves that need no closer look to be equal. */
  textOf(leaf: Leaf): string {
    switch (leaf.kind) {
      case "plain":
        return leaf.text;
      case "number":
        return `number ${leaf.text}`;
      case "time":
        return leaf.isNear ? "about now" : `time ${leaf.text}`;
      case "uuid":
        return this.isConstant(leaf.text) ? `uuid ${leaf.text}` : "a fresh uuid";
      case "key":
        return this.isLasting(leaf.of, leaf.text) ? `key ${leaf.text}` : "a fresh key";
      case "incomparable":
        return "anything";
    }
  }
}

/** As people name it: without the number of the session, and without saying that a part is a list. */
export function publicPlace(place: Place): Place {
  return place.replace(/^\d+:/, "").replaceAll("[]", "");
}
