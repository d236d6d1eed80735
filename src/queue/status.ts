import type { Job } from 'bullmq';
import { shownName } from '../batch/names.ts';
import { type JobData, numberOf, type QueuedBatch } from './batch.ts';
import { codeOfFailure } from './work.ts';

/** A job that was given up. It is kept, and can be put back. */
export interface FailedJob {
  readonly job: number;
  readonly code: string;
  readonly message: string;
  readonly inputs: readonly string[];
}

/** How far a queue is. */
export interface Status {
  readonly queue: string;
  /** True while inputs are being added, or where that was cut off. */
  readonly isAdding: boolean;
  readonly inputs: number;
  readonly inputsDone: number;
  /** Inputs that gave an error record, by code. */
  readonly inputsFailed: Readonly<Record<string, number>>;
  readonly jobs: number;
  readonly waiting: number;
  readonly active: number;
  /** Jobs that wait for another try. */
  readonly delayed: number;
  readonly done: number;
  readonly failedJobs: readonly FailedJob[];
  /** Inputs a second, of late; null where nothing was done of late. */
  readonly rate: number | null;
  /** Machines' connections that take jobs. */
  readonly workers: number;
}

/** The rate is that of so many milliseconds. */
const OF_LATE = 60_000;
/** Failed jobs that are read together: they may carry bytes. */
const PAGE = 8;

export async function statusOf(batch: QueuedBatch): Promise<Status> {
  const { queue } = batch;
  const terms = await batch.terms();
  const { jobs, inputs, adding } = await batch.extent();
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
  let done = 0;
  let inputsDone = 0;
  const inputsFailed: Record<string, number> = {};
  const now = Date.now();
  let first = now;
  let ofLate = 0;
  for await (const { done: one } of terms === null ? [] : batch.done(terms, jobs)) {
    if (one === null) continue;
    if (now - one.at < OF_LATE) {
      first = Math.min(first, one.at);
      ofLate += one.inputs;
    }
    done++;
    inputsDone += one.inputs;
    for (const [code, count] of Object.entries(one.failed)) inputsFailed[code] = (inputsFailed[code] ?? 0) + count;
  }
  const failedJobs: FailedJob[] = [];
  for (let start = 0; ; start += PAGE) {
    const page = (await queue.getFailed(start, start + PAGE - 1)) as Job<JobData>[];
    for (const job of page) {
      const reason = job.failedReason ?? '';
      failedJobs.push({
        job: numberOf(job.id ?? ''),
        code: codeOfFailure(reason),
        message: reason.replace(/^queue\/[a-z-]{1,40}: /, ''),
        inputs: job.data.inputs.map(({ path }) => shownName(path)),
      });
    }
    if (page.length < PAGE) break;
  }
  failedJobs.sort((a, b) => a.job - b.job);
  return {
    queue: batch.name,
    isAdding: adding !== null,
    inputs,
    inputsDone,
    inputsFailed,
    jobs,
    waiting: counts.waiting ?? 0,
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    done,
    failedJobs,
    rate: ofLate === 0 ? null : ofLate / Math.max(1, (now - first) / 1000),
    workers: (await queue.getWorkers().catch(() => [])).length,
  };
}
