import type { ConvertOptions } from './convert.ts';
import type { Outcome } from './outcome.ts';

/** What a worker process is told: how to convert, once, and then one input at a time. */
export type ToWorker =
  | { readonly kind: 'begin'; readonly options: ConvertOptions; readonly maxMemory: number }
  | { readonly kind: 'convert'; readonly path: string; readonly bytes: Uint8Array | null };

/** What a worker process says: that it is ready; of each input its size and digest, then what became of it. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'known'; readonly bytes: number | null; readonly sha256: string | null }
  | { readonly kind: 'done'; readonly outcome: Outcome };

/** What a worker says on standard error when it ends itself for want of memory. */
export const OVER_MEMORY = 'vacancy worker: over the memory limit';
