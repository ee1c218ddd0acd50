import type { OperationDefinition } from "isolab";

import { keyOf, modelOf } from "./versions.ts";

/**
 * A registration by one statement that reads and inserts. It is answered nothing, so that its version is learnt
 * only from what others read.
 */
export function insertSelect(): OperationDefinition {
  return {
    invoke: (args, attempt) => [["add", keyOf(modelOf(args)), attempt]],
    run: async (session, args, attempt) => {
      const model = modelOf(args);
      await session.transaction(async (tx) => {
        await tx.query(
          `insert into model_versions (model_id, version, framework, artifact_uri)
           select cast($1 as integer), coalesce(max(version), 0) + 1, 'pytorch', $2
           from model_versions where model_id = $1`,
          [model, attempt],
        );
        await session.think();
      });
      return { value: [["add", keyOf(model), attempt]] };
    },
  };
}
