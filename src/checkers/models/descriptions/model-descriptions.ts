import { adyaModels } from "./adya-models.ts";
import { atomicModels } from "./atomic-models.ts";
import { biswasEneaModels } from "./biswas-enea-models.ts";
import type { Descriptions } from "./description.ts";
import { otherModels } from "./other-models.ts";
import { sessionModels } from "./session-models.ts";

/** Every model that can be asked for, by canonical name. */
export const modelDescriptions: Descriptions = {
  ...adyaModels,
  ...atomicModels,
  ...sessionModels,
  ...otherModels,
  ...biswasEneaModels,
};
