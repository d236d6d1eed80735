// A worker process that sleeps as long as a document takes, and gives the same record for each: for the cost model.
import { readFileSync } from 'node:fs';

const { milliseconds, record } = JSON.parse(readFileSync(process.env.VACANCY_STUB, 'utf8'));

process.on('disconnect', () => process.exit());
process.on('message', ({ kind, path }) => {
  if (kind === 'begin') return process.send({ kind: 'ready' });
  const text = `${JSON.stringify({ ...record, source: { ...record.source, path } })}\n`;
  const outcome = { text, sha256: record.source.sha256, failure: null, warnings: [] };
  setTimeout(() => process.send({ kind: 'done', outcome }), milliseconds);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
