/** How a function of a race ended. */
export type SessionEnding<T = unknown> =
  { readonly type: "returned"; readonly value: T } | { readonly type: "threw"; readonly error: unknown };
