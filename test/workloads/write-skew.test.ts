import writeSkew from "../../workloads/write-skew.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(writeSkew);
