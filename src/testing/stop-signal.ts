/**
 * A signal that is aborted after so long, or when one that is given is. It keeps what it listens to: what only
 * `AbortSignal.any` holds of `AbortSignal.timeout` is collected, and then never aborts (Node 20).
 *
 * @param limitMs in milliseconds; no limit unless given
 */
export function stopSignal(limitMs: number | undefined, given: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  const limit = limitMs === undefined ? [] : [AbortSignal.timeout(Math.max(1, Math.ceil(limitMs)))];
  for (const signal of [...limit, ...(given === undefined ? [] : [given])]) {
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  }
  return controller.signal;
}
