import { type Io, say } from '../batch/io.ts';
import { printable } from '../normalise/unicode.ts';

/** What decides how much is said, and in what colour. */
export interface VoiceFlags {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** What is said on standard error: errors unless quiet, warnings when verbose. Colour is loaded with the first word. */
export function voice(flags: VoiceFlags, io: Io) {
  const paint = async () => {
    const { Chalk } = await import('chalk');
    return new Chalk({ level: colourLevel(flags.color, io.stderr, io.env) });
  };
  const line = (path: string, code: string, message: string) =>
    say(io, `${printable(path)}: ${code}: ${printable(message)}\n`);
  return {
    error: async (path: string, code: string, message: string) => {
      if (!flags.quiet) await line(path, (await paint()).red(code), message);
    },
    warning: async (path: string, code: string, message: string) => {
      if (flags.verbose && !flags.quiet) await line(path, (await paint()).yellow(code), message);
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
