import type { Target } from "../target.ts";

/** The servers of a soak: started when they are first needed, and anew after so many runs. */
export interface SoakServers {
  /** Works with a server that runs: one that has ended is started again, or replaced. */
  using<T>(index: number, work: (target: Target) => Promise<T>): Promise<T>;
  /** Stops one of them, so that the next run has a fresh one. */
  retire(index: number): Promise<void>;
  /** Stops them all. */
  release(): Promise<void>;
}

/** After so many runs a server is replaced, so that nothing of it grows without a bound. */
const runsPerServer = 200;

interface Place {
  readonly start: () => Promise<Target>;
  target: Target | undefined;
  runs: number;
}

/** @param starts each starts one of the servers */
export function soakServers(starts: readonly (() => Promise<Target>)[]): SoakServers {
  const places = starts.map((start): Place => ({ start, target: undefined, runs: 0 }));
  const retire = async (place: Place): Promise<void> => {
    const { target } = place;
    place.target = undefined;
    await target?.release();
  };
  return {
    using: async (index, work) => {
      const place = places[index];
      if (place === undefined) throw new RangeError(`there is no server ${index}`);
      if (place.runs >= runsPerServer) await retire(place);
      if (place.target === undefined) {
        place.target = await place.start();
        place.runs = 0;
      }
      place.runs++;
      const { target } = place;
      try {
        // A fault may have ended it, and its undoing not have come to an end.
        await target.server?.restart();
      } catch {
        await retire(place);
        return work((place.target = await place.start()));
      }
      return work(target);
    },
    retire: async (index) => {
      const place = places[index];
      if (place !== undefined) await retire(place);
    },
    release: async () => {
      for (const place of places) await retire(place);
    },
  };
}
