/** Time as a port: whoever needs it is handed one, so that tests can hand out their own. */
export interface Clock {
  /** Nanoseconds since this clock began. Never goes back. */
  nanos(): number;
  /** Resolves after that long; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back every `ms` until the returned function is called. Keeps no process alive. */
  every(ms: number, callback: () => void): () => void;
  /** The date and time of day, for naming run directories. Never enters a history. */
  date(): Date;
}
