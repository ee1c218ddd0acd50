import wr from "../../workloads/wr.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(wr);
