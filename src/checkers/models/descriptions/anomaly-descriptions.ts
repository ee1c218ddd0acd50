import { biswasEneaAnomalies } from "./biswas-enea-models.ts";
import { cycleAnomalies } from "./cycle-anomalies.ts";
import { cycleVariants } from "./cycle-variants.ts";
import type { AnomalyDescription, Descriptions } from "./description.ts";
import { domainAnomalies } from "./domain-anomalies.ts";
import { existenceAnomalies } from "./existence-anomalies.ts";
import { readAnomalies } from "./read-anomalies.ts";
import { theoryAnomalies } from "./theory-anomalies.ts";
import { versionAnomalies } from "./version-anomalies.ts";

/** Every anomaly that the tables know or a checker reports, by name, kindred ones together. */
export const anomalyDescriptions: Descriptions<AnomalyDescription> = {
  ...cycleAnomalies,
  ...readAnomalies,
  ...versionAnomalies,
  ...domainAnomalies,
  ...cycleVariants,
  ...theoryAnomalies,
  ...existenceAnomalies,
  ...biswasEneaAnomalies,
};
