import metadata from "../../workloads/metadata.ts";
import { showsAsDeclared } from "./as-declared.ts";

showsAsDeclared(metadata);
