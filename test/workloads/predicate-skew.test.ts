import predicateSkew from "../../workloads/predicate-skew.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(predicateSkew);
