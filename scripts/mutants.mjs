// What scripts/mutate-inference.mjs breaks: one rule each, in the order in which a history is judged.
import { atRestMutants } from "./mutants/at-rest.mjs";
import { biswasEneaMutants } from "./mutants/biswas-enea.mjs";
import { cycleMutants } from "./mutants/cycles.mjs";
import { domainMutants } from "./mutants/domain.mjs";
import { elleMutants } from "./mutants/elle.mjs";
import { historyMutants } from "./mutants/history.mjs";
import { listMutants } from "./mutants/list.mjs";
import { modelMutants } from "./mutants/models.mjs";
import { predicateMutants } from "./mutants/predicate.mjs";
import { registerMutants } from "./mutants/register.mjs";
import { setMutants } from "./mutants/set.mjs";
import { versionedMutants } from "./mutants/versioned.mjs";

export const mutants = [
  ...historyMutants,
  ...listMutants,
  ...setMutants,
  ...registerMutants,
  ...versionedMutants,
  ...predicateMutants,
  ...cycleMutants,
  ...elleMutants,
  ...modelMutants,
  ...biswasEneaMutants,
  ...domainMutants,
  ...atRestMutants,
];
