import metrics from "../../workloads/metrics.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(metrics);
