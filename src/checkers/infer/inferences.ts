import { closedPredicate } from "./closed-predicate.ts";
import type { Inference } from "./inference.ts";
import { listAppend } from "./list-append.ts";
import { register } from "./register.ts";
import { set } from "./set.ts";
import { versionedRegister } from "./versioned-register.ts";

/** Every inference, by the name a user asks for it. */
export const inferences: ReadonlyMap<string, Inference> = new Map(
  [listAppend, register, versionedRegister, set, closedPredicate].map((inference) => [
    inference.name,
    inference,
  ]),
);
