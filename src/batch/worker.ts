import { Worker } from 'node:worker_threads';
import { type ConvertOptions, convert } from './convert.ts';
import { type FromWorker, OVER_MEMORY, type ToWorker } from './protocol.ts';

const WATCH_EVERY_MS = 50;

/**
 * Ends this process when the one that started it is gone, or when it holds more memory than it may: buffers count,
 * which no limit of V8's does. It runs in a thread of its own, for a process that is busy in a document hears nothing;
 * so it may use nothing from outside of itself.
 */
function watch(parent: number, maxBytes: number, everyMs: number, words: string): void {
  const { writeSync } = process.getBuiltinModule('node:fs');
  setInterval(() => {
    const isOver = process.memoryUsage.rss() > maxBytes;
    if (process.ppid === parent && !isOver) return;
    try {
      if (isOver) writeSync(2, words);
    } finally {
      process.kill(process.pid, 'SIGKILL');
    }
  }, everyMs);
}

function send(message: FromWorker): void {
  process.send?.(message, undefined, undefined, () => {}); // a parent that is gone hears nothing: the watch ends us
}

let options: ConvertOptions | null = null;

async function hear(message: ToWorker): Promise<void> {
  if (message.kind === 'begin') {
    ({ options } = message);
    const numbers = [process.ppid, message.maxMemory * 2 ** 20, WATCH_EVERY_MS].join(', ');
    new Worker(`(${watch})(${numbers}, ${JSON.stringify(OVER_MEMORY)})`, { eval: true });
    send({ kind: 'ready' });
    return;
  }
  if (options === null) throw new Error('a worker is told how to convert before it is told what');
  const outcome = await convert(message.path, message.bytes, options, (known) => send({ kind: 'known', ...known }));
  send({ kind: 'done', outcome });
}

// pdf.js leaves rejected promises behind on some damaged files; the reading itself has failed or gone on by then.
process.on('unhandledRejection', () => {});
// A terminal sends them to all of its processes; the parent says when to stop.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message) => {
  hear(message as ToWorker).catch(() => process.kill(process.pid, 'SIGKILL'));
});
