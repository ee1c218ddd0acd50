import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/** A drawing, or why there is none. */
export type Drawing = { readonly svg: string } | { readonly reason: string };

/** Draws graphs, one after the other. */
export interface SvgRenderer {
  /** Never throws. */
  draw(dot: string): Promise<Drawing>;
  close(): Promise<void>;
}

/** What it takes to give up in time: a `Clock`, say. */
export interface Timer {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A bound: drawing takes longer than this for graphs that nobody could read. */
export const drawingMs = 5_000;

/** Runs in the worker: Graphviz in WebAssembly, given as the path of its module. */
const program = `
const { parentPort, workerData } = require("node:worker_threads");
const graphviz = require(workerData).instance();
parentPort.on("message", async (dot) => {
  try {
    parentPort.postMessage({ svg: (await graphviz).renderString(dot, { format: "svg" }) });
  } catch (error) {
    parentPort.postMessage({ reason: "Graphviz says: " + (error?.message ?? error) });
  }
});
`;

/**
 * Graphviz (`@viz-js/viz`) in a worker thread, which is killed when a drawing takes longer than
 * {@link drawingMs}: layout is superlinear and cannot be interrupted. The next drawing gets a new
 * worker. Where the package is not installed, every answer is a reason.
 */
export function svgRenderer(timer: Timer, limitMs: number = drawingMs): SvgRenderer {
  const module = graphvizModule();
  let worker: Worker | undefined;
  const close = async (): Promise<void> => {
    const old = worker;
    worker = undefined;
    await old?.terminate();
  };
  return {
    draw: async (dot) => {
      if (module === undefined) return { reason: "Graphviz (@viz-js/viz) is not installed" };
      worker ??= startWorker(module);
      const drawing = await answer(worker, dot, timer, limitMs);
      if ("reason" in drawing) await close();
      return drawing;
    },
    close,
  };
}

function startWorker(module: string): Worker {
  const worker = new Worker(program, { eval: true, workerData: module });
  // Whoever waits hears of it too; without a listener it would end the process.
  worker.on("error", () => undefined);
  worker.unref();
  return worker;
}

async function answer(worker: Worker, dot: string, timer: Timer, limitMs: number): Promise<Drawing> {
  const done = new AbortController();
  const late = timer.sleep(limitMs, done.signal).then(
    (): Drawing => ({ reason: `drawing it took longer than ${limitMs / 1000} s` }),
    // Aborted: the answer is there already.
    (): Drawing => ({ reason: "drawing was stopped" }),
  );
  let ended = (_: Drawing): void => undefined;
  const drawn = new Promise<Drawing>((resolve) => (ended = resolve));
  const onError = (error: unknown): void => {
    ended({ reason: `Graphviz failed: ${error instanceof Error ? error.message : String(error)}` });
  };
  const onExit = (): void => {
    ended({ reason: "Graphviz ended without an answer" });
  };
  worker.once("message", ended).once("error", onError).once("exit", onExit);
  worker.postMessage(dot);
  try {
    return await Promise.race([drawn, late]);
  } finally {
    done.abort();
    worker.off("message", ended).off("error", onError).off("exit", onExit);
  }
}

function graphvizModule(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    return require.resolve("@viz-js/viz");
  } catch {
    return undefined;
  }
}
