/**
 * What is compared: values as trees. The order of a tree's items means nothing where it may be that of a query's rows,
 * which is the order of its plan unless it was asked for in another.
 */
export type Tree = Leaf | Fields | Items;

export interface Fields {
  readonly type: "fields";
  readonly fields: ReadonlyMap<string, Tree>;
}

export interface Items {
  readonly type: "items";
  readonly items: readonly Tree[];
  /** Their order means nothing wherever it comes from. */
  readonly isSet?: boolean;
}

export type Leaf = {
  readonly type: "leaf";
  /** As a person would write it. */
  readonly shown: string;
} & (
  | { readonly kind: "plain"; readonly text: string }
  /** @param text in decimal digits, without what makes no difference */
  | { readonly kind: "number"; readonly text: string; readonly isFloat: boolean }
  | {
      readonly kind: "time";
      readonly text: string;
      readonly isNear: boolean;
      /** Undefined for a number. */
      readonly atMs: number | undefined;
    }
  | { readonly kind: "uuid"; readonly text: string }
  /** A value of the generated column `of`, in that column or in one that references it. */
  | { readonly kind: "key"; readonly text: string; readonly of: string }
  /** Nothing is known about it: it counts as equal to everything. */
  | { readonly kind: "incomparable"; readonly why: string }
);

/** A value that is not there: the same as a field that is not there. */
export const absent: Leaf = { type: "leaf", kind: "plain", text: "undefined", shown: "undefined" };

export function incomparable(why: string): Leaf {
  return { type: "leaf", kind: "incomparable", why, shown: `(${why})` };
}

/** Where in what is compared: `orders.amount`, `0:result.items[].id`. All items of a list are in one place, all rows of a table in that of the table. */
export type Place = string;

export function placeIn(place: Place, field: string): Place {
  return `${place}.${field}`;
}

export function placeOfItems(place: Place): Place {
  return `${place}[]`;
}

/** A place's name begins with the number of the session, since each may return something else. */
export function endingPlace(session: number, { type }: { readonly type: "returned" | "threw" }): Place {
  return `${session}:${type === "returned" ? "result" : "error"}`;
}
