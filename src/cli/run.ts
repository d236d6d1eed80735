import { CommanderError } from 'commander';
import { ClosedPipe, type Io, UsageError } from '../batch/io.ts';
import { printable } from '../normalise/unicode.ts';
import { createProgram } from './program.ts';

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
      io.stderr.write(`vacancy: ${cause.message}\n`);
      return 2;
    }
    io.stderr.write(`vacancy: this should not have happened, please report it: ${printable(String(cause))}\n`);
    return 2;
  }
}
