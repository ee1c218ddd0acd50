import { Lens, publicPlace } from "./lens.ts";
import type { SessionEnding } from "./outcome.ts";
import { placedLeaves } from "./serial-run.ts";
import { endingPlace } from "./tree.ts";
import { circle, valueTree } from "./value-tree.ts";

/** Answers of one execution. */
export interface Answers {
  /** By session. */
  readonly endings: readonly (SessionEnding | undefined)[];
  readonly nameOf: (session: number) => string;
  /** See `RaceOptions`. */
  readonly ignore: readonly string[];
  readonly nowMs: number;
}

/** A sentence for each part of an answer that cannot be compared, and that nobody has said to leave out. */
export function uncomparedAnswers({ endings, nameOf, ignore, nowMs }: Answers): readonly string[] {
  const lens = new Lens(ignore);
  const sentences = new Set<string>();
  for (const [session, ending] of endings.entries()) {
    if (ending?.type !== "returned") continue;
    for (const [place, leaf] of placedLeaves(
      valueTree(ending.value, nowMs),
      endingPlace(session, ending),
      lens,
    ))
      if (leaf.kind === "incomparable" && leaf.why !== circle)
        sentences.add(uncompared(nameOf(session), publicPlace(place), leaf.why));
  }
  return [...sentences];
}

function uncompared(name: string, place: string, why: string): string {
  const where = place === "result" ? "" : ` in ${place}`;
  return (
    `What ${name} answered was not compared${where}: ${why}. ` +
    `Let the session answer plain values, or say that it does not matter: ignore: ["${place}"].`
  );
}
