/** Everything reachable from `roots` over `next`, the roots included. Linear in what is reached. */
export function closure(
  roots: Iterable<string>,
  next: Readonly<Record<string, readonly string[]>>,
): ReadonlySet<string> {
  const reached = new Set(roots);
  for (const item of reached) for (const follower of next[item] ?? []) reached.add(follower);
  return reached;
}

/** The same relation with its arrows turned round. */
export function inverse(
  relation: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const turned: Record<string, string[]> = {};
  for (const [from, targets] of Object.entries(relation))
    for (const to of targets) (turned[to] ??= []).push(from);
  return turned;
}
