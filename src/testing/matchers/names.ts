import { lookUp, similarNames } from "../../checkers/explain/known-names.ts";

/**
 * A model or an anomaly by any name it is known by, canonical; or the sentence that refuses it and names
 * those near it.
 */
export function named(
  kind: "model" | "anomaly",
  name: string,
): { readonly name: string } | { readonly refusal: string } {
  const known = lookUp(name);
  if (known?.kind === kind) return { name: known.name };
  if (known !== undefined) {
    const instead = kind === "model" ? "toShow asks for anomalies" : "toSatisfy asks for models";
    return { refusal: `"${name}" is ${articled(known.kind)}, not ${articled(kind)}: ${instead}` };
  }
  const similar = similarNames(name).filter((one) => lookUp(one)?.kind === kind);
  const hint =
    similar.length > 0
      ? `did you mean ${similar.join(", ")}?`
      : `isolab list ${kind === "model" ? "models" : "anomalies"} names them all`;
  return { refusal: `there is no ${kind} "${name}"; ${hint}` };
}

function articled(kind: "model" | "anomaly"): string {
  return kind === "model" ? "a model" : "an anomaly";
}
