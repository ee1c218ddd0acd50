import { DatabaseError } from "../clients/database-error.ts";
import { errorText } from "./report/error-text.ts";
import type { RaceFault } from "./race-finding.ts";
import { RaceMisuse } from "./race-misuse.ts";
import type { InvariantCheck, RaceOptions, SessionFunction } from "./race-options.ts";
import type { Query } from "./race-stage.ts";
import type { SessionEnding } from "./session-ending.ts";

/** An invariant and its name. */
interface Named {
  readonly name: string;
  readonly check: InvariantCheck<readonly SessionFunction[]>;
}

/** The invariants of a race, by name. */
export function namedInvariants(invariant: RaceOptions["invariant"]): readonly Named[] {
  if (invariant === undefined) return [];
  if (typeof invariant === "function")
    return [
      {
        name: invariant.name === "invariant" ? "invariant" : invariant.name || "invariant",
        check: invariant,
      },
    ];
  return Object.entries(invariant).map(([name, check]) => ({ name, check }));
}

/**
 * The first invariant that is broken; undefined when all hold.
 *
 * @throws RaceMisuse when an invariant's own question to the database fails
 */
export async function brokenInvariant(
  invariants: readonly Named[],
  query: Query,
  endings: readonly SessionEnding[],
): Promise<RaceFault | undefined> {
  for (const { name, check } of invariants) {
    try {
      if ((await check(query, endings)) !== false) continue;
    } catch (error) {
      if (isOurs(error))
        throw new RaceMisuse(`The invariant "${name}" could not ask the database: ${error.message}`, {
          cause: error,
        });
      return { kind: "invariant", name, error, message: messageOf(error) };
    }
    return { kind: "invariant", name, error: undefined, message: "it answered false" };
  }
  return undefined;
}

/** The error of a question that the database did not answer. */
function isOurs(error: unknown): error is Error {
  if (error instanceof DatabaseError) return true;
  return error instanceof Error && ("sqlMessage" in error || ("severity" in error && "routine" in error));
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : errorText(error);
}
