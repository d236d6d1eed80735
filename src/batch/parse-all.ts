import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { VacancyRecord } from '../vacancy.ts';
import type { ConvertOptions } from './convert.ts';
import { Converter } from './converter.ts';
import { findInputs, type Input } from './inputs.ts';
import { inOrder } from './order.ts';

/** How to read many inputs; what is left out is as in `vacancy parse`. */
export interface ParseAllOptions
  extends Partial<Pick<ConvertOptions, 'asOf' | 'annualise' | 'evidence' | 'redact' | 'maxBytes'>> {
  /** The most worker processes. */
  readonly jobs?: number;
  /** Seconds for an input, from when it is begun. */
  readonly timeout?: number;
  /** MiB that a worker process may hold. */
  readonly maxMemory?: number;
}

/**
 * Reads many adverts in worker processes: a record for each, in the order of the inputs, while they are being found.
 * Whoever takes slowly slows the reading; whoever leaves the loop ends it. Nothing is thrown for a file that cannot be
 * read: it has an error record.
 *
 * @param inputs files, folders and globs, as the command line takes them.
 * @throws Error where no worker process can be started.
 */
export async function* parseAll(
  inputs: Iterable<string> | AsyncIterable<string>,
  options: ParseAllOptions = {},
): AsyncGenerator<VacancyRecord, void, undefined> {
  const { asOf = null, annualise = false, evidence = false, redact = false, maxBytes = 50 * 2 ** 20 } = options;
  const converter = new Converter(
    {
      worker: fileURLToPath(new URL('../../bin/worker.js', import.meta.url)),
      jobs: options.jobs ?? availableParallelism(),
      timeout: (options.timeout ?? 60) * 1000,
      maxMemory: options.maxMemory ?? 1024,
      convert: { asOf, annualise, evidence, redact, maxBytes, layout: 'ndjson' },
    },
    { stdin: Readable.from([]) },
  );
  async function* found(): AsyncGenerator<Input> {
    for await (const input of inputs) yield* findInputs([input], null);
  }
  try {
    const begin = (input: Input) => converter.convert(input, false);
    for await (const { outcome } of inOrder(found(), begin, ({ text }) => text.length))
      yield JSON.parse(outcome.text) as VacancyRecord;
  } finally {
    converter.close();
  }
}
