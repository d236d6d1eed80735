// The second half of the build: the command line and the worker process as few files each, and the code that V8 makes of
// them beside them (bin/launch.js). The library is what tsc wrote; so are the bundles' insides.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { workerFlags } from './dist/batch/pool.js';
import { manualPage } from './dist/cli/man.js';
import { createProgram } from './dist/cli/program.js';

const FOLDER = 'dist/app';
/** V8 takes no code from a process that was told otherwise: this is the default of --max-memory. */
const MEMORY = 1024;
/** They look for files beside themselves, or are not there. */
const EXTERNAL = ['pdf-parse', 'mammoth', 'bullmq', 'ioredis'];

/** The data files go into the bundle as they are. */
const data = {
  name: 'data',
  transform(code, id) {
    if (!id.includes('/dist/') || !code.includes('loadData(')) return null;
    return code.replace(/loadData\('([a-z-]+\.json)'\)/g, (_, file) => {
      const json = JSON.stringify(JSON.parse(readFileSync(`dist/data/${file}`, 'utf8')));
      return `JSON.parse(${JSON.stringify(json)})`;
    });
  },
};

/** What stays outside is imported by bin/launch.js: a script that comes from a cache cannot. */
const outside = {
  name: 'outside',
  transform(code, id) {
    const found = new RegExp(`\\bimport\\('(${EXTERNAL.join('|')})'\\)`, 'g');
    return id.includes('/dist/') && found.test(code) ? code.replace(found, "importOutside('$1')") : null;
  },
};

/** commander asks for a module at its start that it needs for subcommands in files of their own, of which there are none. */
const noSubcommandFiles = {
  name: 'no-subcommand-files',
  resolveId: (id, importer) => (id === 'node:child_process' && importer?.includes('/commander/') ? '\0none' : null),
  load: (id) => (id === '\0none' ? 'export {}' : null),
};

// The manual page, made of the commands.
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync('dist/vacancy.1', manualPage(createProgram({}, () => {}), version));

const bundle = await rolldown({
  input: { main: 'dist/cli/main.js', worker: 'dist/batch/worker.js' },
  platform: 'node',
  plugins: [data, outside, noSubcommandFiles],
});
const { output } = await bundle.generate({
  format: 'cjs',
  minify: true,
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
});
mkdirSync(FOLDER);
// V8 keeps a text of ASCII in half the space, and is sooner done with it. Strings and patterns take the escapes alike.
for (const { fileName, code } of output) {
  const escaped = code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  writeFileSync(`${FOLDER}/${fileName}`, escaped);
}
writeFileSync(`${FOLDER}/package.json`, '{ "type": "commonjs" }\n');

/** Runs an entry on real adverts, so that V8 compiles what they need, and keeps what it made. */
const ADVERTS = 'fixtures/adverts';
const env = { ...process.env, NODE_OPTIONS: '' };

async function cacheMain() {
  const code = `process.argv.splice(1, 0, 'vacancy'); const { launch, MAIN_FLAGS, writeCaches } = require('./bin/launch.js');
    require('node:v8').setFlagsFromString(MAIN_FLAGS);
    process.on('exit', () => writeCaches('main')); launch('main').main('');`;
  const child = spawn(process.execPath, ['-e', code, 'parse', `${ADVERTS}/council-pack/advert.txt`], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`the code cache of the command line cannot be made: ${status}`);
}

async function cacheWorker() {
  const code = `const { launch, writeCaches } = require('./bin/launch.js'); launch('worker');
    process.on('message', (message) => { if (message === 'write') { writeCaches('worker'); process.disconnect(); } });`;
  const child = spawn(process.execPath, [...workerFlags(MEMORY), '-e', code], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const said = async (kind) => {
    for (;;) {
      const [message] = await once(child, 'message');
      if (message.kind === kind) return message;
    }
  };
  const options = { layout: 'ndjson', asOf: null, annualise: false, evidence: false, redact: false, maxBytes: 2 ** 20 };
  child.send({ kind: 'begin', options, maxMemory: MEMORY });
  await said('ready');
  for (const path of ['council-pack/advert.md', 'trac-page/advert.html', 'trac-page/advert.pdf', 'trac-page/advert.docx']) {
    child.send({ kind: 'convert', path: `${ADVERTS}/${path}`, bytes: null });
    const { outcome } = await said('done');
    if (outcome.failure !== null) throw new Error(`${path}: ${outcome.failure.error.message}`);
  }
  child.send('write');
  await once(child, 'close');
}

await cacheMain();
await cacheWorker();
