import type { Inference } from "./inference.ts";
import { listAppend } from "./list-append.ts";
import { register } from "./register.ts";
import { set } from "./set.ts";

/** Every inference, by the name a user asks for it. */
export const inferences: ReadonlyMap<string, Inference> = new Map(
  [listAppend, register, set].map((inference) => [inference.name, inference]),
);
