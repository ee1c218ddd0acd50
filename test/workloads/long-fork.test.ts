import longFork from "../../workloads/long-fork.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(longFork);
