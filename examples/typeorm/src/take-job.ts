import { IsNull, type DataSource, type EntityManager, type FindOneOptions } from "typeorm";

import { Job } from "./database.ts";

const nextFree: FindOneOptions<Job> = { where: { worker: IsNull() }, order: { id: "ASC" } };

/** Gives the next free job to `worker`, and answers its id, or nothing if there is none. */
export async function takeJob(source: DataSource, worker: string): Promise<number | undefined> {
  return source.transaction(async (manager) => give(manager, worker, nextFree));
}

/** The same, but a job is locked while it is given away, and everybody else passes over it. */
export async function takeUnlockedJob(source: DataSource, worker: string): Promise<number | undefined> {
  return source.transaction(async (manager) =>
    give(manager, worker, { ...nextFree, lock: { mode: "pessimistic_write", onLocked: "skip_locked" } }),
  );
}

async function give(
  manager: EntityManager,
  worker: string,
  which: FindOneOptions<Job>,
): Promise<number | undefined> {
  const job = await manager.findOne(Job, which);
  if (job === null) return undefined;
  job.worker = worker;
  await manager.save(job);
  return job.id;
}
