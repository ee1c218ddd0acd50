import append from "../../workloads/append.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(append);
