import compare from "../../workloads/compare.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(compare);
