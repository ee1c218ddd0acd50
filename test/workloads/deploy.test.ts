import deploy from "../../workloads/deploy.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(deploy);
