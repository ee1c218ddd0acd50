import coupons from "../../docs/examples/coupons.ts";
import { showsAsDeclared } from "../workloads/as-declared.ts";

showsAsDeclared(coupons);
