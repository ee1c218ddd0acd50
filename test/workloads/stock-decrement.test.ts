import stockDecrement from "../../workloads/stock-decrement.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(stockDecrement);
