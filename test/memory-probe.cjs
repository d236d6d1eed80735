// Preloaded into the command line with --expose-gc: what the process holds after a collection, when its output first has
// MEMORY_PROBE_AT records, and at the end. Written to the file MEMORY_PROBE.
const fs = require('node:fs');

const journal = process.env.MEMORY_PROBE_JOURNAL;
const seen = {};
const live = () => {
  for (let time = 0; time < 3; time++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
let position = 0;
let records = 0;
const timer = setInterval(() => {
  let bytes;
  try {
    const handle = fs.openSync(journal);
    bytes = Buffer.alloc(fs.fstatSync(handle).size - position);
    fs.readSync(handle, bytes, 0, bytes.length, position);
    fs.closeSync(handle);
  } catch {
    return;
  }
  position += bytes.length;
  for (const byte of bytes) if (byte === 10) records++;
  if (records < Number(process.env.MEMORY_PROBE_AT)) return;
  clearInterval(timer);
  bytes = null;
  seen.early = live();
}, 20);
timer.unref();
process.on('exit', () => {
  seen.end = live();
  fs.writeFileSync(process.env.MEMORY_PROBE, JSON.stringify(seen));
});
