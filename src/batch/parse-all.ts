import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { VacancyRecord } from '../vacancy.ts';
import type { ConvertOptions } from './convert.ts';
import { Converter } from './converter.ts';
import { findInputs, type Input } from './inputs.ts';
import { DEFAULT_LIMITS, isDay, MOST_SECONDS } from './limits.ts';
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
 * @throws RangeError for an option that is out of its range.
 * @throws Error where no worker process can be started.
 */
export async function* parseAll(
  inputs: Iterable<string> | AsyncIterable<string>,
  options: ParseAllOptions = {},
): AsyncGenerator<VacancyRecord, void, undefined> {
  const { asOf = null, annualise = false, evidence = false, redact = false } = options;
  const { jobs = availableParallelism(), timeout = DEFAULT_LIMITS.timeout } = options;
  const { maxMemory = DEFAULT_LIMITS.maxMemory, maxBytes = DEFAULT_LIMITS.maxBytes } = options;
  for (const [name, value, most] of [
    ['jobs', jobs, 10_000],
    ['timeout', timeout, MOST_SECONDS],
    ['maxMemory', maxMemory, 2 ** 30],
    ['maxBytes', maxBytes, Number.MAX_SAFE_INTEGER],
  ] as const)
    if (!(value > 0 && value <= most)) throw new RangeError(`${name} takes a number above 0, at most ${most}`);
  if (asOf !== null && !isDay(asOf)) throw new RangeError('asOf takes a day: YYYY-MM-DD');
  const converter = new Converter(
    {
      worker: fileURLToPath(new URL('../../bin/worker.js', import.meta.url)),
      jobs,
      timeout: timeout * 1000,
      maxMemory,
      convert: { asOf, annualise, evidence, redact, maxBytes, layout: 'ndjson' },
    },
    { stdin: Readable.from([]) },
  );
  async function* found(): AsyncGenerator<Input> {
    for await (const input of typeof inputs === 'string' ? [inputs] : inputs) yield* findInputs([input], null);
  }
  try {
    const begin = (input: Input) => converter.convert(input, false);
    for await (const { outcome } of inOrder(found(), begin, ({ text }) => text.length))
      yield JSON.parse(outcome.text) as VacancyRecord;
  } finally {
    converter.close();
  }
}
