import queue from "../../workloads/queue.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(queue);
