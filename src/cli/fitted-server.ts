import type { TargetRequest } from "../campaign/target.ts";
import type { Need } from "../nemesis/nemesis.ts";

/** The server that was asked for, made so that it can have such faults. */
export async function fittedTo(
  request: TargetRequest,
  nemeses: readonly { readonly needs: readonly Need[] }[],
): Promise<TargetRequest> {
  if ("url" in request || !nemeses.some(({ needs }) => needs.includes("small-disk"))) return request;
  const { smallDiskMb } = await import("../clients/servers/small-disk.ts");
  return { ...request, diskMb: smallDiskMb };
}
