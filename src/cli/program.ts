import { readFileSync } from 'node:fs';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Io } from '../batch/io.ts';
import { DEFAULT_LIMITS, isDay, MOST_SECONDS } from '../batch/limits.ts';
import { printable } from '../normalise/unicode.ts';
import type { CheckFlags } from './check-command.ts';
import type { OneFileFlags, SchemaName } from './commands.ts';
import type { Shell } from './completion.ts';
import type { ParseFlags } from './parse-command.ts';
import type { AddFlags, CollectFlags, StatusFlags, WorkFlags } from './queue-commands.ts';
import type { ReportFlags } from './report-command.ts';
import { withoutAddress } from './voice.ts';

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It takes a whole number from 1.');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= MOST_SECONDS)) throw new InvalidArgumentError('It takes a number of seconds above 0.');
  return value;
}

function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('It takes a date as YYYY-MM-DD.');
  return text;
}

const colour = () =>
  new Option('--color <when>', 'colour in what people read').choices(['auto', 'always', 'never']).default('auto');
const maxBytes = () =>
  new Option('--max-bytes <n>', 'the most bytes that an input may have')
    .argParser(positive)
    .default(DEFAULT_LIMITS.maxBytes, '50 MiB');
const asOf = (about = 'the day on which the advert was captured: resolves "Yesterday" and missing years') =>
  new Option('--as-of <date>', about).argParser(day);

const jobs = () =>
  new Option('-j, --jobs <n>', 'worker processes').argParser(positive).default(undefined, 'processors available');
const timeout = () =>
  new Option('--timeout <seconds>', 'the most time that an input may take')
    .argParser(seconds)
    .default(DEFAULT_LIMITS.timeout);
const maxMemory = () =>
  new Option('--max-memory <mb>', 'the most memory that a worker process may hold')
    .argParser(positive)
    .default(DEFAULT_LIMITS.maxMemory);

const filesFrom = () =>
  new Option('--files-from <file>', 'read the names of inputs from a file (- for standard input), one a line');
const isNull = () => new Option('-0, --null', 'the names of --files-from are parted by NUL');
const evidence = () => new Option('--evidence', 'add the words behind every value');
const annualise = () => new Option('--annualise', 'add pay per year, with its multiplier');
const redact = () => new Option('--redact', "leave people's names, e-mail addresses and telephone numbers out");
const quiet = () => new Option('-q, --quiet', 'say nothing on standard error');

/** What the commands take that read a batch and write something of their own about it. */
const reads = (command: Command) =>
  command
    .argument('[input...]', 'files, folders, globs, or - for standard input')
    .addOption(filesFrom())
    .addOption(isNull())
    .addOption(jobs())
    .addOption(timeout())
    .addOption(maxBytes())
    .addOption(maxMemory())
    .addOption(quiet())
    .addOption(colour());

/** The command line. `finish` takes the exit status of the command that ran. */
export function createProgram(io: Io, finish: (status: number) => void): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const program = new Command('vacancy')
    .description(
      'Reads UK job adverts (PDF, Word, web pages, Markdown, text) and writes one validated JSON record for each.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(printable(withoutAddress(text.replace(/^error: /, 'vacancy: ')))),
    });

  program
    .command('parse')
    .description('read adverts and write their records')
    .addHelpText(
      'after',
      `
Examples:
  vacancy parse advert.pdf                        one record, indented
  vacancy parse adverts -o adverts.ndjson         a folder, a record a line
  vacancy parse adverts | jq -r .vacancy.title    titles
  vacancy parse adverts -f csv -o adverts.csv     a table
  vacancy parse adverts -d records --resume       a file for each, and only what is new`,
    )
    .argument('[input...]', 'files, folders, globs, or - for standard input')
    .addOption(
      new Option(
        '-f, --format <format>',
        'json (indented; an array for several inputs), ndjson (one record a line), csv, jsonld or parquet; by default json for one file, else ndjson',
      ).choices(['json', 'ndjson', 'csv', 'jsonld', 'parquet']),
    )
    .option('-o, --output <file>', 'write the records to a file, named when they are all there')
    .option('-d, --output-dir <dir>', "write a file for each input, mirroring the inputs' tree")
    .addOption(filesFrom())
    .addOption(isNull())
    .addOption(jobs())
    .option('--errors <file>', 'write the error records to a file as well (NDJSON)')
    .option('--shard <i/n>', 'only the inputs that fall to shard I of N, I from 0')
    .option('--resume', 'with -o or -d: go on where an earlier run stopped')
    .addOption(timeout())
    .addOption(maxBytes())
    .addOption(maxMemory())
    .addOption(asOf())
    .addOption(evidence())
    .addOption(annualise())
    .addOption(redact())
    .addOption(
      new Option('--fail-on <what>', 'what makes the exit status 1')
        .choices(['error', 'warning', 'never'])
        .default('error'),
    )
    .addOption(quiet())
    .option('-v, --verbose', 'say the warnings on standard error')
    .option('--no-progress', 'show no progress')
    .addOption(colour())
    .action(async (inputs: string[], flags: ParseFlags) =>
      finish(await (await import('./parse-command.ts')).parseCommand(inputs, flags, io, version)),
    );

  program
    .command('explain')
    .description('show one advert with the words, place and rule behind each value')
    .argument('<input>', 'a file, or - for standard input')
    .addOption(maxBytes())
    .addOption(asOf())
    .addOption(colour())
    .action(async (input: string, flags: OneFileFlags) =>
      finish(await (await import('./commands.ts')).explainCommand(input, flags, io)),
    );

  program
    .command('text')
    .description("print a document's text, as the offsets of the evidence count it")
    .argument('<input>', 'a file, or - for standard input')
    .addOption(maxBytes())
    .addOption(colour())
    .action(async (input: string, flags: OneFileFlags) =>
      finish(await (await import('./commands.ts')).textCommand(input, flags, io)),
    );

  reads(program.command('check'))
    .description('say what is wrong with adverts: dates, pay, checks, what is missing')
    .addHelpText(
      'after',
      `
Examples:
  vacancy check adverts                           findings for a person
  vacancy check adverts -f github                 annotations in GitHub Actions
  vacancy check adverts -f sarif > adverts.sarif  for code-scanning pages`,
    )
    .addOption(
      new Option('-f, --format <format>', 'text, json (a finding a line), sarif or github')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    )
    .addOption(
      new Option('--fail-on <level>', 'the least level that makes the exit status 1')
        .choices(['error', 'warning', 'note', 'never'])
        .default('error'),
    )
    .option('--config <file>', 'the levels of rules (by default vacancy.config.json, where it stands)')
    .addOption(asOf('the day on which the adverts are looked at, YYYY-MM-DD (by default today)'))
    .action(async (inputs: string[], flags: CheckFlags) =>
      finish(await (await import('./check-command.ts')).checkCommand(inputs, flags, io, version)),
    );

  reads(program.command('report'))
    .description('write a page to look a batch over: what was found, and the words behind it')
    .requiredOption('-o, --output <file>', 'the page (HTML)')
    .addOption(asOf())
    .action(async (inputs: string[], flags: ReportFlags) =>
      finish(await (await import('./report-command.ts')).reportCommand(inputs, flags, io)),
    );

  addQueue(program, io, version, finish);

  program
    .command('schema')
    .description('print the schema of what is written')
    .addArgument(
      new Argument('[name]', 'which schema')
        .choices(['record', 'csv', 'jsonld', 'parquet', 'check', 'config'])
        .default('record'),
    )
    .action(async (name: SchemaName) => finish(await (await import('./commands.ts')).schemaCommand(name, io)));

  program
    .command('completion')
    .description('print a completion script')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) =>
      finish(await (await import('./commands.ts')).completionCommand(shell, program, io)),
    );

  return program;
}

/** What the commands of the queue take: which queue, and where it is. */
const queued = (command: Command) =>
  command
    .option('--queue <name>', 'the name of the queue: one for each batch', 'adverts')
    .option('--redis-url-file <file>', 'a file with the address of Redis (or set VACANCY_REDIS_URL)')
    .option('--redis-url <url>', 'the address of Redis, where it holds no password')
    .addOption(quiet())
    .addOption(colour());

function addQueue(program: Command, io: Io, version: string, finish: (status: number) => void): void {
  const queue = program
    .command('queue')
    .description('share the work among machines, over Redis (needs BullMQ: npm install bullmq@6 ioredis@5)')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      `
Examples:
  vacancy queue add /storage/adverts              put a folder that all machines see into the queue
  vacancy queue work -d /storage/records          on each machine: take jobs, write records
  vacancy queue status                            how far it is, and how fast
  vacancy queue collect -o adverts.ndjson         all records, in the order of adding`,
    );

  queued(queue.command('add'))
    .description('put inputs into the queue, behind those that are there')
    .argument('[input...]', 'files, folders, globs, or - for standard input')
    .addOption(filesFrom())
    .addOption(isNull())
    .option('--carry [bytes]', 'put the bytes of inputs up to that size into Redis (by default 256 KiB)', positive)
    .addOption(new Option('--per-job <n>', 'inputs that a worker takes at a time').argParser(positive).default(24))
    .option('--abandon', 'instead of inputs: leave an adding that was cut off where it was')
    .option('--failed [code]', 'instead of inputs: put back the jobs that failed, and those with inputs that did')
    .addOption(timeout())
    .addOption(maxBytes())
    .addOption(maxMemory())
    .addOption(asOf())
    .addOption(evidence())
    .addOption(annualise())
    .addOption(redact())
    .action(async (inputs: string[], flags: AddFlags) =>
      finish(await (await import('./queue-commands.ts')).queueAddCommand(inputs, flags, io, version)),
    );

  queued(queue.command('work'))
    .description('take jobs off the queue and write their records, until interrupted')
    .requiredOption('-d, --output-dir <dir>', 'the folder for the records')
    .addOption(jobs())
    .option('--until-done', 'end when nothing is left to do')
    .option('--root <dir>', 'where names that are not absolute are looked for (by default where they were added)')
    .option('-v, --verbose', 'say the warnings on standard error')
    .action(async (flags: WorkFlags) =>
      finish(await (await import('./queue-commands.ts')).queueWorkCommand(flags, io, version)),
    );

  queued(queue.command('status'))
    .description('how far the queue is, how fast, and what failed')
    .addOption(new Option('-f, --format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async (flags: StatusFlags) =>
      finish(await (await import('./queue-commands.ts')).queueStatusCommand(flags, io)),
    );

  queued(queue.command('collect'))
    .description('write all records, in the order in which the inputs were added')
    .option('-o, --output <file>', 'write them to a file, named when they are all there')
    .addOption(
      new Option('-f, --format <format>', 'ndjson, json, csv or parquet')
        .choices(['ndjson', 'json', 'csv', 'parquet'])
        .default('ndjson'),
    )
    .option('-d, --output-dir <dir>', 'where the records are on this machine (by default where they were written)')
    .option('--put-back', 'have records that are lost made again')
    .option('--remove', 'then take the queue out of Redis')
    .addOption(
      new Option('--fail-on <what>', 'what makes the exit status 1').choices(['error', 'never']).default('error'),
    )
    .action(async (flags: CollectFlags) =>
      finish(await (await import('./queue-commands.ts')).queueCollectCommand(flags, io)),
    );
}
