import { modelProscribes } from "../model-table.ts";
import { friendlyModel } from "../names.ts";
import type { AnomalyDescription, Descriptions } from "./description.ts";

/** `MODEL-cycle-exists`: the model is broken, though no circle of a named shape was found. */
export const existenceAnomalies: Descriptions<AnomalyDescription> = Object.fromEntries(
  Object.entries(modelProscribes).flatMap(([model, anomalies]) =>
    anomalies
      .filter((anomaly) => anomaly === `${model}-cycle-exists`)
      .map((anomaly) => [anomaly, existence(friendlyModel(model))]),
  ),
);

function existence(model: string): AnomalyDescription {
  return {
    summary: `transactions depend on each other in a circle that ${model} rules out, of no shape that has a name`,
    meaning: `Every model asks that certain dependencies never form a circle. Among those of ${model} there is one: that much is certain, since it is decided before the search for examples begins. The search found no circle of a named kind, so isolab names the transactions that are part of it instead.`,
    sources: ["Elle (Kingsbury and Alvaro), whose name it is"],
  };
}
