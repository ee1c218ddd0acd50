import setFull from "../../workloads/set-full.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(setFull);
