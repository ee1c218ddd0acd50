import promote from "../../workloads/promote.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(promote);
