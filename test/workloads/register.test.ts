import register from "../../workloads/register.ts";
import { showsAsDeclared } from "./as-declared.ts";

// InnoDB's READ UNCOMMITTED reads the row of one who has not committed, so two statements must run at once.
showsAsDeclared(register, ["insert-select duplicate-version"]);
