import { domainCheckers } from "./domain/domain-checkers.ts";
import { inferences } from "./infer/inferences.ts";

/** A checker as `isolab list` shows it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
}

/** Every checker: the kinds of objects whose dependencies we can infer, then the domain checkers. */
export const checkers: readonly CatalogueEntry[] = [...inferences.values(), ...domainCheckers.values()].map(
  ({ name, summary }) => ({ name, summary }),
);
