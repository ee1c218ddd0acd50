/** What happens next: one session goes on, two go on at once, or a fault strikes. */
export type Move =
  | { readonly kind: "grant"; readonly session: number }
  /** Two sessions are let go at once, for races inside statements; makes a schedule not step-deterministic. */
  | { readonly kind: "overlap"; readonly sessions: readonly [number, number] }
  /** A fault by its name, and the session that it hits. */
  | { readonly kind: "fault"; readonly fault: string; readonly session: number };

/** The sessions that a move lets go. */
export function granted(move: Move): readonly number[] {
  switch (move.kind) {
    case "grant":
      return [move.session];
    case "overlap":
      return move.sessions;
    case "fault":
      return [];
  }
}
