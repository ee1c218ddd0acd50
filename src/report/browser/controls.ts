import type { Filter } from "./filter.ts";

/** What the controls above a timeline ask for. */
export function filterFrom(form: HTMLFormElement): Filter {
  const fields = new FormData(form);
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === "string" ? value : "";
  };
  const checked = fields.getAll("outcome");
  const lane = text("lane");
  return {
    key: text("key"),
    lane: lane === "" ? undefined : Number(lane),
    outcomes: ["ok", "fail", "info"].map((outcome) => checked.includes(outcome)),
    onlyMarked: fields.has("marked"),
  };
}
