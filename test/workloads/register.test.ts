import register from "../../workloads/register.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(register);
