import deadlock from "../../workloads/deadlock.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(deadlock);
