import {
  Abort,
  DatabaseError,
  type Completed,
  type OperationDefinition,
  type Session,
  type Transaction,
} from "isolab";

import { insertVersion, keyOf, modelOf, nextVersion, versionsOf } from "./versions.ts";

/** So often a registration tries within its transaction, the first time included. */
const tries = 3;

/**
 * A registration that, where its number turns out to be taken, reads the versions again and tries the next
 * one, without beginning a new transaction. When all tries are used up it gives up, and tells the numbers.
 *
 * @param savepoint whether it goes back to a savepoint first. Without that, PostgreSQL takes no further statement
 * in a transaction in which one failed; InnoDB, which has undone that one statement only, needs none
 */
export function retryInside({ savepoint }: { readonly savepoint: boolean }): OperationDefinition {
  return {
    invoke: (args, attempt) => {
      const key = keyOf(modelOf(args));
      return [
        ["rs", key, null],
        ["add", key, attempt],
      ];
    },
    run: (session, args, attempt) =>
      session.transaction((tx) => registerSomehow(session, tx, { model: modelOf(args), attempt, savepoint })),
  };
}

interface Registration {
  readonly model: number;
  readonly attempt: string;
  readonly savepoint: boolean;
}

async function registerSomehow(
  session: Session,
  tx: Transaction,
  { model, attempt, savepoint }: Registration,
): Promise<Completed> {
  const key = keyOf(model);
  const tried: number[] = [];
  let seen = await versionsOf(tx, model);
  // Not sooner: back at a savepoint older than its part of the transaction, InnoDB forgets the snapshot too.
  if (savepoint) await tx.query("savepoint before_insert");
  for (;;) {
    await session.think();
    const version = nextVersion(seen);
    tried.push(version);
    try {
      await insertVersion(tx, { model, version, attempt });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      if (tried.length === tries) throw new Abort("version-taken", { tried: { [key]: tried } });
      if (savepoint) await tx.query("rollback to savepoint before_insert");
      seen = await versionsOf(tx, model);
      continue;
    }
    return {
      value: [
        ["rs", key, seen.elements],
        ["add", key, attempt],
      ],
      data: { version, versions: { [key]: seen.versions } },
    };
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof DatabaseError && error.fields.cause === "duplicate-key";
}
