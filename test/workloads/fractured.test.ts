import fractured from "../../workloads/fractured.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(fractured);
