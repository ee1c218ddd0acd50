import type { Model } from "./model.ts";
import { say } from "./say.ts";
import { sentencesOf } from "./words.ts";

/** A bound: operations that are told of at once. */
const mostTold = 12;

/** Tells below the timeline what is selected; several are called as in the picture of their anomaly. */
export function tell(model: Model, positions: readonly number[]): void {
  const place = document.getElementById("timeline-details");
  if (place === null) return;
  place.hidden = positions.length === 0;
  place.replaceChildren(
    ...positions.slice(0, mostTold).map((at, i) => {
      const [who, what] = sentencesOf(model, at);
      const paragraph = document.createElement("p");
      const code = document.createElement("code");
      code.textContent = what;
      paragraph.append(`${positions.length > 1 ? `T${i + 1} is ` : ""}${who} `, code);
      return paragraph;
    }),
  );
  if (positions.length === 0) say("Nothing is selected.");
}
