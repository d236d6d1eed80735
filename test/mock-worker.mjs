// A worker process that misbehaves with the inputs that are named for it, and is the real one for all others.
import { basename } from 'node:path';

// A Node that knows other flags does not start with ours.
const unknown = process.env.VACANCY_TEST_OTHER_NODE;
if (unknown && process.execArgv.some((flag) => flag.includes(unknown))) process.exit(9);

const held = [];
const misdeeds = {
  'hang.txt': () => {
    for (;;);
  },
  // Hangs in the reading itself, when its size and digest are told.
  'stall.txt': () => {
    const { send } = process;
    process.send = (message, ...rest) => {
      send.call(process, message, ...rest);
      if (message.kind === 'known') for (;;);
    };
  },
  'heap.txt': () => {
    for (;;) held.push(new Array(10_000).fill({}));
  },
  'buffers.txt': () => {
    for (;;) held.push(Buffer.alloc(2 ** 24, 1));
  },
  'abort.txt': () => process.abort(),
  'exit.txt': () => process.exit(3),
  'throw-late.txt': () => {
    setTimeout(() => {
      throw new Error('late');
    }, 1);
    const until = Date.now() + 50;
    while (Date.now() < until);
  },
  'reject-late.txt': () => void Promise.reject(new Error('nobody waits for this')),
  'flood.txt': () => {
    const much = 'not a record\n'.repeat(100_000);
    for (let time = 0; time < 50; time++) {
      process.stdout.write(much);
      process.stderr.write(much);
    }
  },
  // Goes on only where no string can be run.
  'evaluate.txt': () => {
    try {
      new Function('return 1')();
    } catch {
      return;
    }
    process.exit(3);
  },
  'slow.txt': () => {
    const until = Date.now() + 300;
    while (Date.now() < until);
  },
};

// What is said before the real worker listens is said to it again.
const early = [];
let isListening = false;
process.on('message', (message) => {
  if (!isListening) early.push(message);
  else if (message.kind === 'convert') misdeeds[basename(message.path)]?.();
});
await import('../dist/batch/worker.js');
isListening = true;
for (const message of early) process.emit('message', message);
