import uniqueIds from "../../workloads/unique-ids.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(uniqueIds);
