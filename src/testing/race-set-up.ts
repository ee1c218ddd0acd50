import type { IndexTrial } from "./search/diagnose.ts";
import type { RaceOptions } from "./race-options.ts";
import type { RaceStage } from "./race-stage.ts";

type SetUp = RaceOptions["setup"];

/** Makes the state that every schedule of a race begins with. */
export async function setUpRace(setup: SetUp, stage: RaceStage): Promise<void> {
  if (typeof setup === "string") await stage.run(setup);
  else await setup?.(stage.query);
}

/** A set-up after which a unique index is there. */
export function withIndex(setup: SetUp, index: IndexTrial, stage: RaceStage): () => Promise<void> {
  return async () => {
    await dropIndex(index, stage);
    await setUpRace(setup, stage);
    await stage.run(index.create);
  };
}

/** Takes an index away, if it is there. */
export async function dropIndex({ drop }: IndexTrial, stage: RaceStage): Promise<void> {
  await stage.run(drop).catch(() => undefined);
}
