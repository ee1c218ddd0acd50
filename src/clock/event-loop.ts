/** Comes back when the event loop has gone round once: callbacks and promises that were due have run. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
