import bank from "../../workloads/bank.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(bank);
