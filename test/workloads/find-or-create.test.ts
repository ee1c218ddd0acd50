import findOrCreate from "../../workloads/find-or-create.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(findOrCreate);
