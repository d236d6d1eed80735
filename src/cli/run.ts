import { CommanderError } from 'commander';
import { ClosedPipe, type Io, UsageError } from '../batch/io.ts';
import { printableLine } from '../normalise/unicode.ts';
import { createProgram } from './program.ts';
import { withoutAddress } from './voice.ts';

/**
 * Runs the command line. The world goes in, an exit status comes out: 0 well, 1 some input failed, 2 the command line
 * was wrong, nothing matched, or the output could not be written.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let status = 0;
  const program = createProgram(io, (code) => {
    status = code;
  });
  try {
    if (argv.length === 0) {
      io.stderr.write(program.helpInformation());
      return 2;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return status;
  } catch (cause) {
    if (cause instanceof ClosedPipe) return 0;
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
    if (cause instanceof UsageError) {
      io.stderr.write(`vacancy: ${printableLine(withoutAddress(cause.message))}\n`);
      return 2;
    }
    // A message may hold words of an advert: where it happened tells enough.
    const { name, stack = '' } = cause instanceof Error ? cause : new Error();
    io.stderr.write(
      `vacancy: this should not have happened, please report it: ${printableLine(name)} at ${placeIn(stack)}\n`,
    );
    return 2;
  }
}

/** The file and the line that a stack trace begins with. */
function placeIn(stack: string): string {
  return /[\w.-]{1,100}:\d{1,9}:\d{1,9}(?=\)?$)/m.exec(stack)?.[0] ?? 'an unknown place';
}
