import { type Io, say } from '../batch/io.ts';
import type { Outcome } from '../batch/outcome.ts';
import type { ErrorCode } from '../model/diagnostic.ts';
import { printableLine } from '../normalise/unicode.ts';
import { describeError } from '../report/messages.ts';
import type { ErrorRecord } from '../vacancy.ts';

/** What decides how much is said, and in what colour. */
export interface VoiceFlags {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** What is said without an address of Redis, which may hold a password and stand where no address belongs. */
export const withoutAddress = (text: string) =>
  text.replace(/\brediss?:\/\/(?!\[)[^\s@?#]{0,2000}[@?#]\S{0,2000}/gi, 'redis://…');

/** Errors whose details are this program's own words. Those of the readers may hold words of the advert, and stay in the record. */
const OURS = /^(?:input|worker|zip)\//;

/** What is said on standard error, which never quotes an advert: errors unless quiet, warnings when verbose. Colour is loaded with the first word. */
export function voice(flags: VoiceFlags, io: Io) {
  const paint = async () => {
    const { Chalk } = await import('chalk');
    return new Chalk({ level: colourLevel(flags.color, io.stderr, io.env) });
  };
  const line = (path: string, code: string, words: string) =>
    say(io, `${printableLine(path)}: ${code}: ${printableLine(words)}\n`);
  return {
    error: async (path: string, { code, message, hint }: ErrorRecord['error']) => {
      if (flags.quiet) return;
      const sentence = OURS.test(code) ? message : describeError(code as ErrorCode, '').message;
      await line(path, (await paint()).red(code), `${sentence} ${hint}`);
    },
    warning: async (path: string, { code, field, start, end }: Outcome['warnings'][number]) => {
      if (flags.quiet || !flags.verbose) return;
      const place = start === null ? [] : [`characters ${start} to ${end}`];
      await line(path, (await paint()).yellow(code), [field ?? 'the document', ...place].join(', '));
    },
    say: async (text: string) => {
      if (!flags.quiet) await say(io, `${text}\n`);
    },
  };
}

/** The level of colour for a stream: `--color`, then FORCE_COLOR, NO_COLOR and TERM, then whether it is a terminal. */
export function colourLevel(
  when: 'auto' | 'always' | 'never',
  stream: { readonly isTTY?: boolean },
  env: Io['env'],
): 0 | 1 {
  if (when !== 'auto') return when === 'always' ? 1 : 0;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 0 : 1;
  if ((env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return 0;
  return stream.isTTY === true ? 1 : 0;
}
