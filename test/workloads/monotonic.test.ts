import monotonic from "../../workloads/monotonic.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(monotonic);
