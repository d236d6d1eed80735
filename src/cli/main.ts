import { run } from './run.ts';

/** The only code that touches the process: streams that close, promises that nobody waits for, the exit status. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => {}); // each write hears of its own failure
}
// pdf.js leaves rejected promises behind on some damaged files; the reading itself has failed or gone on by then.
process.on('unhandledRejection', () => {});

process.exitCode = await run(process.argv.slice(2), process);
