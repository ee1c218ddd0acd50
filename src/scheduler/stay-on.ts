import type { Choice } from "./strategy.ts";

/** The session that goes on when nothing speaks for another: the last one if it can, else the lowest. */
export function stayOn({ ready, last }: Pick<Choice, "ready" | "last">): number {
  const [lowest] = ready;
  if (lowest === undefined) throw new Error("a choice has at least one ready session");
  return ready.some(({ session }) => session === last) && last !== undefined ? last : lowest.session;
}
