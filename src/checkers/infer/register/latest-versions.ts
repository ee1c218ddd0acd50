import type { Adjacency } from "../../graph/adjacency.ts";
import { none } from "../element-table.ts";
import type { Frontier } from "./frontier.ts";
import { KnownPairs } from "./known-pairs.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { Timelines } from "./timelines.ts";
import type { VersionEdges } from "./version-edges.ts";
import { lastVersion, type Visits } from "./visits.ts";
import type { VisitsByNode } from "./visits-by-node.ts";

/**
 * Of each key the versions that come right before whatever begins now: those that members of the
 * frontier last had of it, and for members that left the key alone, those that came right before them.
 *
 * A version is left out where another of the set, with a committed writer, is known to follow it. That
 * loses no dependency: what follows the other follows it too.
 */
export class LatestVersions {
  readonly #visits: Visits;
  readonly #visitsOf: VisitsByNode;
  readonly #versions: RegisterVersions;
  readonly #frontier: Frontier;
  readonly #timelines: Timelines;
  readonly #pairs: KnownPairs;
  /** By version: the last set it was put in. */
  readonly #marked: Int32Array;
  /** By version: the last set in which another follows it. */
  readonly #followed: Int32Array;
  #mark = 0;
  /** By key: the last moment at which it was looked at, and at which its set may have lost versions. */
  readonly #seen: Int32Array;
  readonly #lostAt: Int32Array;
  /** Keys and moments of such losses, in order. */
  readonly #losses: { readonly key: number; readonly moment: number }[] = [];

  constructor(
    visits: Visits,
    visitsOf: VisitsByNode,
    versions: RegisterVersions,
    frontier: Frontier,
    known: Adjacency,
  ) {
    const keys = versions.start.length - 1;
    this.#visits = visits;
    this.#visitsOf = visitsOf;
    this.#versions = versions;
    this.#frontier = frontier;
    this.#timelines = new Timelines(keys);
    this.#pairs = new KnownPairs(versions.length);
    this.#marked = new Int32Array(versions.length);
    this.#followed = new Int32Array(versions.length);
    this.#seen = new Int32Array(keys);
    this.#lostAt = new Int32Array(keys);
    for (let from = 0; from < known.nodes; from++)
      for (let e = known.start[from] ?? 0; e < (known.start[from + 1] ?? 0); e++)
        this.#pairs.add(from, known.target[e] ?? 0);
  }

  /** Adds an edge to the version from each of its key's latest. */
  precede(key: number, version: number, edges: VersionEdges): void {
    if (version === none) return;
    for (const latest of this.#timelines.now(key)) {
      if (latest !== version && this.#pairs.add(latest, version)) edges.add(latest, version);
    }
  }

  /** Brings the sets up to the frontier's moment. */
  refresh(): void {
    const { fresh, moment, begin } = this.#frontier;
    let earliest = moment;
    for (const node of fresh) earliest = Math.min(earliest, begin[node] ?? 0);
    for (const node of fresh)
      this.#eachVisit(node, (visit) => {
        this.#update(this.#visits.key[visit] ?? 0, earliest);
      });
    // Those that left a key alone and began before it lost versions bring them back.
    for (let i = this.#losses.length - 1; i >= 0; i--) {
      const loss = this.#losses[i];
      if (loss === undefined || loss.moment <= earliest) break;
      this.#update(loss.key, earliest);
    }
  }

  #update(key: number, earliest: number): void {
    const { moment } = this.#frontier;
    if (this.#seen[key] === moment) return;
    this.#seen[key] = moment;
    const before = this.#timelines.now(key);
    const keeps = (this.#lostAt[key] ?? 0) <= earliest && this.#loseNothing(key);
    const after = keeps ? this.#grown(key, before) : this.#gathered(key, before);
    if (
      !keeps &&
      before.some((version) => this.#marked[version] !== this.#mark && !this.#isFollowed(version))
    ) {
      this.#lostAt[key] = moment;
      this.#losses.push({ key, moment });
    }
    this.#timelines.change(key, moment, after);
  }

  /** Whether a transaction that left the key alone carries on all that the frontier lost. */
  #loseNothing(key: number): boolean {
    const { shrank, fresh, latestBegin, begin } = this.#frontier;
    return (
      !shrank || fresh.some((node) => begin[node] === latestBegin && this.#versionAt(node, key) === none)
    );
  }

  #grown(key: number, before: readonly number[]): readonly number[] {
    const set = this.#emptySet();
    for (const version of before) this.#put(set, version);
    for (const node of this.#frontier.fresh) this.#putOf(set, node, key);
    return this.#reduced(set, before.length);
  }

  #gathered(key: number, before: readonly number[]): readonly number[] {
    const set = this.#emptySet();
    let last: readonly number[] | null = null;
    this.#frontier.each((node) => {
      if (this.#putOf(set, node, key)) return;
      const carried = this.#timelines.at(key, this.#frontier.begin[node] ?? 0);
      if (carried === last) return;
      last = carried;
      for (const version of carried) this.#put(set, version);
    });
    const known = new Set(before);
    const staying = set.filter((version) => known.has(version));
    return this.#reduced([...staying, ...set.filter((version) => !known.has(version))], staying.length);
  }

  #emptySet(): number[] {
    this.#mark++;
    return [];
  }

  #put(set: number[], version: number): void {
    if (this.#marked[version] === this.#mark) return;
    this.#marked[version] = this.#mark;
    set.push(version);
  }

  /** Puts what a transaction last had of the key, if that says anything; false if it left the key alone. */
  #putOf(set: number[], node: number, key: number): boolean {
    const version = this.#versionAt(node, key);
    if (version === none) return false;
    if (version !== this.#versions.start[key]) this.#put(set, version);
    return true;
  }

  /**
   * Leaves out what another with a committed writer follows, of the set put together last. The first
   * `settled` are known not to follow each other.
   */
  #reduced(set: readonly number[], settled: number): readonly number[] {
    if (set.length === settled) return set;
    const { writer } = this.#versions;
    const mark = this.#mark;
    for (let i = settled; i < set.length; i++) {
      const added = set[i] ?? none;
      if (this.#isFollowed(added)) this.#followed[added] = mark;
      if (writer[added] === none) continue;
      this.#pairs.eachBefore(added, (earlier) => {
        this.#followed[earlier] = mark;
      });
    }
    return set.filter((version) => this.#followed[version] !== mark);
  }

  /** Whether a version of the set put together last, with a committed writer, follows this one. */
  #isFollowed(version: number): boolean {
    const { writer } = this.#versions;
    return this.#pairs.someAfter(
      version,
      (later) => this.#marked[later] === this.#mark && writer[later] !== none,
    );
  }

  #versionAt(node: number, key: number): number {
    const { start, visit } = this.#visitsOf;
    for (let i = start[node] ?? 0; i < (start[node + 1] ?? 0); i++) {
      const at = visit[i] ?? 0;
      if (this.#visits.key[at] === key) return lastVersion(this.#visits, at);
    }
    return none;
  }

  #eachVisit(node: number, use: (visit: number) => void): void {
    const { start, visit } = this.#visitsOf;
    for (let i = start[node] ?? 0; i < (start[node + 1] ?? 0); i++) use(visit[i] ?? 0);
  }
}
