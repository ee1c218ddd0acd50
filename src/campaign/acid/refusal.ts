import { DatabaseError } from "../../clients/database-error.ts";

/** How a server refused something. */
export interface Refusal {
  readonly cause: string;
  /** For people: the cause, and the server's code. */
  readonly text: string;
}

/**
 * Does what the server should refuse; answers how it did, or null where it did not.
 * @throws what is no answer of the server, a lost connection included
 */
export async function refusalOf(work: () => Promise<unknown>): Promise<Refusal | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.fields.connectionLost) throw error;
    const { cause, code } = error.fields;
    return { cause, text: code === undefined ? cause : `${cause} (${code})` };
  }
}
