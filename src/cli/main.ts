import type { Io } from '../batch/io.ts';
import { run } from './run.ts';

/**
 * The only code that touches the process: streams that close, promises that nobody waits for, the exit status.
 *
 * @param worker the module that a worker process runs.
 */
export async function main(worker: string): Promise<void> {
  const listen = <Stream extends NodeJS.WriteStream>(stream: Stream) => {
    if (stream.listenerCount('error') === 0) stream.on('error', () => {}); // each write hears of its own failure
    return stream;
  };
  const io: Io = {
    // Opening a stream takes a while: each is opened when it is first asked for.
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return listen(process.stdout);
    },
    get stderr() {
      return listen(process.stderr);
    },
    env: process.env,
    worker,
    signals: process,
  };
  // @napi-rs/canvas, which pdf-parse loads, else reads every font of the system, and of `usr/local/share/fonts` below the
  // folder that it runs in, which may be anybody's. Worker processes inherit it.
  process.env.DISABLE_SYSTEM_FONTS_LOAD = '1';
  // pdf.js leaves rejected promises behind on some damaged files; the reading itself has failed or gone on by then.
  process.on('unhandledRejection', () => {});
  process.exitCode = 2; // for a run that is left hanging, with nothing more to come
  const status = await run(process.argv.slice(2), io);
  process.exitCode = status;
  if (status > 128) process.exit(); // what is still on its way has nobody to take it
}
