import set from "../../workloads/set.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(set);
