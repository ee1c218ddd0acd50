/**
 * Loads and checks one history again and again in a process of its own, and prints what each run took as
 * one line of JSON. Plain JavaScript, so that nothing but the measured build is in the process.
 *
 *     node bench/measure-check.mjs BUILD FILE WORKLOAD MODEL RUNS
 */
import { resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

const [build, file, workload, model, runs] = process.argv.slice(2);
const { check, loadHistory } = await import(pathToFileURL(resolve(build, "src/check.js")).href);

/** Of all threads of the process: the garbage collector's and the compiler's too. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const results = [];
for (let run = 0; run < Number(runs); run++) {
  const start = performance.now();
  const startCpu = cpuSeconds();
  const { history } = await loadHistory(file);
  const loaded = performance.now();
  const verdict = check(history, { workload, model });
  results.push({
    parseSeconds: (loaded - start) / 1000,
    checkSeconds: (performance.now() - loaded) / 1000,
    cpuSeconds: cpuSeconds() - startCpu,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    valid: verdict.valid,
    anomalyTypes: verdict.anomalyTypes,
  });
}
console.log(JSON.stringify(results));
