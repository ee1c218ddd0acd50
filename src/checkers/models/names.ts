import { beModels, isBeModel } from "../biswas-enea/be-models.ts";
import { canonicalNames, modelImplies } from "./model-table.ts";

const friendlyNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(canonicalNames).map(([friendly, canonical]) => [canonical, friendly]),
);

/** All models of Adya's and Elle's lattice by canonical name; Biswas and Enea's stand apart. */
export const models: readonly string[] = Object.keys(modelImplies);

/** Whether a user may ask for it: a canonical or a friendly name. */
export function isModel(name: string): boolean {
  return Object.hasOwn(canonicalNames, name) || Object.hasOwn(modelImplies, name) || isBeModel(name);
}

/** All names a user may ask for, sorted: the friendly ones where there are any. */
export function modelNames(): readonly string[] {
  const unfriendly = models.filter((model) => friendlyNames[model] === undefined);
  return [...new Set([...Object.keys(canonicalNames), ...unfriendly, ...beModels])].sort();
}

/** `PL-SI` for `snapshot-isolation`; other names as they are. */
export function canonicalModel(name: string): string {
  return canonicalNames[name] ?? name;
}

/** `snapshot-isolation` for `PL-SI`; other names as they are. */
export function friendlyModel(name: string): string {
  return friendlyNames[name] ?? name;
}

/** The sentence for a model name that does not exist. */
export function unknownModel(model: string): string {
  return `There is no consistency model "${model}"; choose one of ${modelNames().join(", ")}.`;
}
