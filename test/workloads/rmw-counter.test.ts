import rmwCounter from "../../workloads/rmw-counter.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(rmwCounter);
