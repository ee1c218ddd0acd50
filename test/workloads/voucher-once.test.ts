import voucherOnce from "../../workloads/voucher-once.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(voucherOnce);
