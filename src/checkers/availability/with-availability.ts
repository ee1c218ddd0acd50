import type { History } from "../../history/history.ts";
import type { Verdict } from "../verdict.ts";
import { availability } from "./availability.ts";

/** A verdict with how the server answered over time, where the history tells that. */
export function withAvailability(verdict: Verdict, history: History): Verdict {
  const measured = availability(history);
  return measured === undefined ? verdict : { ...verdict, availability: measured };
}
