import { cycleAnomalies } from "./cycle-anomalies.ts";
import type { AnomalyDescription, Descriptions } from "./description.ts";
import { adya, daudjeeSalem } from "./sources.ts";

interface Order {
  readonly suffix: string;
  readonly within: string;
  readonly step: string;
  readonly sense: string;
  readonly source: string;
}

const orders: readonly Order[] = [
  {
    suffix: "-process",
    within: "once the order within each session counts",
    step: "one session's transaction to its next one",
    sense:
      "Without sessions the history may be fine. A client, though, that runs one transaction after the other on one connection expects the second to know of the first.",
    source: daudjeeSalem,
  },
  {
    suffix: "-realtime",
    within: "once the order in real time counts",
    step: "a transaction that had ended to one that began only then",
    sense:
      "Without clocks the history may be fine. Somebody, though, who waits for one transaction to end and then starts another one, anywhere, expects the second to know of the first: it read or wrote a state that was out of date.",
    source: adya("chapter 4"),
  },
];

/** What the circle of each plain anomaly is made of, to be joined by a step of order. */
const circles: Readonly<Record<string, string>> = {
  G0: "a circle of overwritten writes",
  G1c: "a circle of writes and reads",
  "G-single-item": "a circle in which one write to a row was not seen",
  "G-single": "a circle in which one row that a search should have found was not seen",
  "G-nonadjacent-item": "a circle in which several writes to rows were not seen, no two of them in a row",
  "G-nonadjacent":
    "a circle in which several writes, inserted rows among them, were not seen, no two of them in a row",
  "G2-item": "a circle in which neighbours missed each other's writes to rows",
  G2: "a circle in which neighbours missed each other's writes, inserted rows among them",
};

/** The cycle anomalies whose circle needs a step of session order or of real-time order. */
export const cycleVariants: Descriptions<AnomalyDescription> = Object.fromEntries(
  orders.flatMap((order) =>
    Object.entries(circles).map(([name, circle]) => [name + order.suffix, variant(name, circle, order)]),
  ),
);

function variant(name: string, circle: string, { within, step, sense, source }: Order): AnomalyDescription {
  const remedy = cycleAnomalies[name]?.remedy;
  return {
    summary: `${circle}, ${within}`,
    meaning: `As ${name}, but ${circle.replace(/^a /, "the ")} closes only with a step from ${step}. ${sense}`,
    ...(remedy === undefined ? {} : { remedy }),
    sources: [source],
  };
}
