import { exitCodes } from "./exit-codes.ts";

/** Ctrl-C as a signal: aborted by the first SIGINT or SIGTERM; the second ends the process at once. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** Listens until disposed of. Throw-away servers outlive no exit: their guards see to that. */
export function onInterrupt(): Interruption {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write("\nisolab: stopping; press Ctrl-C again to stop at once\n");
    controller.abort();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off("SIGINT", listener);
      process.off("SIGTERM", listener);
    },
  };
}
