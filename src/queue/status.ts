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

/** Jobs that the rate is taken of, and the milliseconds that they may be old. */
const OF_LATE = { jobs: 400, milliseconds: 60_000 };
/** Failed jobs that are read together. */
const PAGE = 500;

export async function statusOf(batch: QueuedBatch): Promise<Status> {
  const { queue } = batch;
  const { jobs, inputs, isAdding } = await batch.extent();
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
  let done = 0;
  let inputsDone = 0;
  const inputsFailed: Record<string, number> = {};
  for await (const { done: one } of batch.done(jobs)) {
    if (one === null) continue;
    done++;
    inputsDone += one.inputs;
    for (const [code, count] of Object.entries(one.failed)) inputsFailed[code] = (inputsFailed[code] ?? 0) + count;
  }
  const failedJobs: FailedJob[] = [];
  for (let first = 0; ; first += PAGE) {
    const page = (await queue.getFailed(first, first + PAGE - 1)) as Job<JobData>[];
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
    isAdding,
    inputs,
    inputsDone,
    inputsFailed,
    jobs,
    waiting: counts.waiting ?? 0,
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    done,
    failedJobs,
    rate: await rateOf(batch),
    workers: (await queue.getWorkers().catch(() => [])).length,
  };
}

async function rateOf({ queue }: QueuedBatch): Promise<number | null> {
  const now = Date.now();
  const latest = (await queue.getCompleted(0, OF_LATE.jobs - 1)) as (Job<JobData> | undefined)[];
  const times = latest.flatMap((job) =>
    job?.finishedOn === undefined || now - job.finishedOn > OF_LATE.milliseconds
      ? []
      : [{ at: job.finishedOn, inputs: job.data.inputs.length }],
  );
  const first = Math.min(...times.map(({ at }) => at));
  const inputs = times.reduce((sum, each) => sum + each.inputs, 0);
  // All that was done within the window, or since the oldest of the latest where there are more.
  const over = latest.length < OF_LATE.jobs ? Math.min(OF_LATE.milliseconds, now - first) : now - first;
  return times.length === 0 ? null : inputs / Math.max(1, over / 1000);
}
