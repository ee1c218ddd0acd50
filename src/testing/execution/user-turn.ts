import type { PointKind } from "../../scheduler/point.ts";
import type { Answer, Call } from "../instrument/call.ts";
import type { Lane } from "./lanes.ts";

/** A statement of a session's code that waits for its turn, or has it. */
export interface UserTurn {
  readonly kind: PointKind;
  readonly call: Call;
  readonly lane: Lane;
  readonly sql: string;
  /** Of the COMMIT of a statement that commits itself: what the statement has answered. */
  readonly held?: Answer;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}
