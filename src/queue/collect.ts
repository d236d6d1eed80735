import { promises as fs } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { digest } from '../batch/digest.ts';
import { UsageError } from '../batch/io.ts';
import { isPartial, type QueuedBatch, recordsFile, type Terms } from './batch.ts';
import { statusOf } from './status.ts';

/** A job's records, as they are read again. */
export interface Collected {
  readonly text: string;
  readonly inputs: number;
  readonly failed: Readonly<Record<string, number>>;
}

/**
 * Sees that all of a queue's jobs are done.
 *
 * @returns what they have in common, and how many there are.
 * @throws UsageError where one is not.
 */
export async function refuseUnfinished(batch: QueuedBatch): Promise<{ terms: Terms; jobs: number }> {
  const terms = await batch.terms();
  const { jobs, done, failedJobs, isAdding } = await statusOf(batch);
  if (jobs === 0 || terms === null) throw new UsageError(`nothing was added to the queue ${batch.name}`);
  if (isAdding)
    throw new UsageError(
      `inputs are still being added to the queue ${batch.name}, or their adding was cut off: repeat it, or leave it with vacancy queue add --abandon`,
    );
  if (done < jobs)
    throw new UsageError(
      `${jobs - done} of ${jobs} jobs of the queue ${batch.name} are not done` +
        (failedJobs.length > 0 ? `, ${failedJobs.length} of them failed: see vacancy queue status` : ''),
    );
  return { terms, jobs };
}

/**
 * The records of all jobs, in the order in which their inputs were added; each job's as it was noted, or it counts as lost.
 *
 * @param folder where they are on this machine; null for where each worker wrote them.
 * @param lost told of each job whose records are not there.
 */
export async function* collect(
  batch: QueuedBatch,
  terms: Terms,
  jobs: number,
  folder: string | null,
  lost: (job: number, file: string) => void,
): AsyncGenerator<Collected> {
  const folders = new Set<string>();
  let isWhole = true;
  for await (const { job, done } of batch.done(terms, jobs)) {
    if (done === null) throw new UsageError(`job ${job} of the queue ${batch.name} was put back meanwhile`);
    const file = recordsFile(folder ?? done.folder, batch.folderOf(terms), job);
    folders.add(dirname(file));
    const text = await fs.readFile(file, 'utf8').catch(() => null);
    if (text === null || digest(text) !== done.sha256) {
      isWhole = false;
      lost(job, file);
    } else if (isWhole) yield { text, inputs: done.inputs, failed: done.failed };
  }
  if (isWhole) for (const each of folders) await sweep(each);
}

/** Milliseconds after which a file that nobody has finished is nobody's. */
const STALE = 3_600_000;

/** Takes away what workers that were killed have left half-written. */
async function sweep(folder: string): Promise<void> {
  const names = await fs.readdir(resolve(folder)).catch(() => []);
  for (const name of names.filter(isPartial)) {
    const file = join(folder, name);
    const known = await fs.stat(file).catch(() => null);
    if (known !== null && Date.now() - known.mtimeMs > STALE) await fs.rm(file, { force: true }).catch(() => {});
  }
}
