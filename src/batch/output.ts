import { constants, promises as fs, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { serialise } from '../report/serialise.ts';
import type { ErrorRecord } from '../vacancy.ts';
import { digest, shortDigest } from './digest.ts';
import type { Input } from './inputs.ts';
import { ClosedPipe, type Io, UsageError, writeTo } from './io.ts';
import {
  type Conditions,
  type Entry,
  entryFor,
  entryNumber,
  type Format,
  isSameEntry,
  readEntries,
  stillRight,
} from './journal.ts';
import { bytesOf, nameOf, pathOf, shownName } from './names.ts';
import type { Outcome } from './outcome.ts';

/** Where records go, one after the other, in the inputs' order. */
export interface Output {
  /** The outcome of an input whose record an earlier run wrote, where it is still right. Asked in order. */
  readonly reuse: (input: Input) => Promise<Outcome | null>;
  /** Writes a record; one that is reused stands there already. */
  readonly write: (input: Input, outcome: Outcome, isReused: boolean) => Promise<void>;
  /** Ends the output well: files get their names. */
  readonly finish: () => Promise<void>;
  /** Ends it before all is written: what is there is whole, and another run can go on from it. */
  readonly stop: () => Promise<void>;
}

/** What a run that may be resumed needs to know. */
export interface Resumption {
  readonly isResumed: boolean;
  readonly conditions: Conditions;
}

/** How records become a file: what stands before each, each one's own text, and what ends them. */
interface Frame {
  readonly before: (count: number) => string;
  /** Empty where the format has no place for it. */
  readonly text: (outcome: Outcome) => string;
  readonly end: (count: number) => string;
}

async function frameOf(format: Format): Promise<Frame> {
  const asItIs = ({ text }: Outcome) => text;
  if (format === 'csv') {
    const { csvHead, csvRow } = await import('../report/csv.ts');
    return {
      before: (count) => (count === 0 ? csvHead() : ''),
      text: ({ text }) => csvRow(JSON.parse(text)),
      end: (count) => (count === 0 ? csvHead() : ''),
    };
  }
  if (format === 'array' || format === 'postings')
    return {
      before: (count) => (count === 0 ? '[\n' : ',\n'),
      text: asItIs,
      end: (count) => (count === 0 ? '[]\n' : '\n]\n'),
    };
  return { before: () => '', text: asItIs, end: () => '' };
}

/** Records one after the other to where they cannot be taken up again. */
async function streamOutput(
  format: Format,
  put: (text: string) => Promise<void>,
  close: () => Promise<void>,
): Promise<Output> {
  const frame = await frameOf(format);
  let count = 0;
  const end = async () => {
    await put(frame.end(count));
    await close();
  };
  return {
    reuse: async () => null,
    write: async (_, outcome) => {
      const text = frame.text(outcome);
      if (text !== '') await put(`${frame.before(count++)}${text}`);
    },
    finish: end,
    stop: end,
  };
}

/** Records to standard output. */
export async function standardOutput(format: Format, io: Io): Promise<Output> {
  if (format !== 'parquet') return streamOutput(format, wholePieces(io), async () => {});
  if (io.stdout.isTTY) throw new UsageError('parquet is nothing to read: name a file with -o, or pipe it on');
  return parquetOutput(
    (bytes) => writeTo(io.stdout, bytes),
    async () => {},
  );
}

/** Records, which are all there already, to one file that appears whole or not at all; to standard output where none is named. */
export async function collectedOutput(file: string | undefined, format: Format, io: Io): Promise<Output> {
  if (file === undefined) return standardOutput(format, io);
  const whole = await wholeFile(file);
  const output =
    format === 'parquet'
      ? await parquetOutput(whole.write, async () => {})
      : await streamOutput(format, whole.write, async () => {});
  return {
    ...output,
    finish: async () => {
      await output.finish();
      await whole.finish();
    },
    stop: () => whole.stop(),
  };
}

/** Records as Parquet, which is whole only when its end is written. */
async function parquetOutput(
  put: (bytes: Uint8Array) => Promise<void>,
  close: (isWhole: boolean) => Promise<void>,
): Promise<Output> {
  const { ParquetRecords } = await import('../report/parquet.ts');
  const records = new ParquetRecords(put);
  return {
    reuse: async () => null,
    write: (_, { text }) => records.add(JSON.parse(text)),
    finish: async () => {
      await records.finish();
      await close(true);
    },
    stop: () => close(false),
  };
}

/**
 * Writes to standard output. Where that is a file, Node takes a part of a text that went onto a full disk for the whole
 * of it: here the rest is seen not to fit, and the part is taken back.
 */
function wholePieces(io: Io): (text: string) => Promise<void> {
  const { fd } = io.stdout;
  const known = fd === undefined ? null : fstatSync(fd);
  if (fd === undefined || !known?.isFile()) return (text) => writeTo(io.stdout, text);
  return async (text) => {
    const bytes = Buffer.from(text);
    const end = fstatSync(fd).size;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    } catch (cause) {
      ftruncateSync(fd, end);
      throw new UsageError(`cannot write the output: ${(cause as Error).message}`);
    }
  };
}

/** Throws `UsageError` for a file that cannot be written. */
function cannotWrite(file: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`cannot write ${shownName(file)}: ${(cause as Error).message}`);
  };
}

/** What is at a path: a regular file or nothing, which get a name when they are whole; or a device or a pipe. */
async function isPlain(file: string): Promise<boolean> {
  const known = await fs.stat(file).catch(() => null);
  if (known?.isDirectory()) throw new UsageError(`cannot write ${file}: it is a folder`);
  return known === null || known.isFile();
}

/** What a link leads to is written, not the link. */
const behindLinks = (file: string) => fs.realpath(file).catch(() => file);

/** True where a name still stands for an open file: another run may have begun it anew. */
async function isOpenAs(handle: FileHandle, name: string | Buffer): Promise<boolean> {
  const [here, there] = [await handle.stat(), await fs.stat(name).catch(() => null)];
  return here.ino === there?.ino && here.dev === there.dev;
}

/** A file that grows record by record; a failed write leaves what was whole before. */
class Growing {
  readonly #name: string;
  readonly #handle: FileHandle;
  #end: number;

  private constructor(name: string, handle: FileHandle, end: number) {
    this.#name = name;
    this.#handle = handle;
    this.#end = end;
  }

  /** Opens a file to write at `end`; what stood behind it goes. A device or a pipe has no such place: null. */
  static async open(name: string, end: number | null): Promise<Growing> {
    if (end === 0)
      for (const left of [name, `${name}.copy`]) await fs.rm(left, { force: true }).catch(cannotWrite(name)); // never through a link
    if (end !== null && end > 0) await Growing.#takeOver(name, end).catch(cannotWrite(name));
    const handle = await fs.open(name, end === null ? 'w' : end === 0 ? 'wx' : 'r+').catch(cannotWrite(name));
    return new Growing(name, handle, end ?? Number.NaN);
  }

  /**
   * Puts a copy in a file's place: whoever wrote it may only have been thought dead, on a host that could not be reached for
   * a while, and writes on. That goes nowhere then, and is told so at its end.
   */
  static async #takeOver(name: string, end: number): Promise<void> {
    const copy = `${name}.copy`;
    await fs.rm(copy, { force: true });
    try {
      await fs.copyFile(name, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      await fs.truncate(copy, end);
      await fs.rename(copy, name);
    } catch (cause) {
      await fs.rm(copy, { force: true });
      throw cause;
    }
  }

  async put(text: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(text as string);
    try {
      for (let done = 0; done < bytes.length; ) {
        const position = Number.isNaN(this.#end) ? null : this.#end + done;
        done += (await this.#handle.write(bytes, done, bytes.length - done, position)).bytesWritten;
      }
      this.#end += bytes.length;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EPIPE') throw new ClosedPipe();
      if (!Number.isNaN(this.#end)) await this.#handle.truncate(this.#end).catch(() => {});
      cannotWrite(this.#name)(cause);
    }
  }

  isOurs(): Promise<boolean> {
    return isOpenAs(this.#handle, this.#name);
  }

  /** @param isLasting true where the bytes must outlive the machine's own end. */
  async close(isLasting: boolean): Promise<void> {
    if (isLasting) await this.#handle.sync().catch(() => {});
    await this.#handle.close().catch(cannotWrite(this.#name));
  }
}

/** Records to one file: to `FILE.partial`, with a journal in `FILE.journal` for as long as the batch is not done. */
export async function fileOutput(given: string, resumption: Resumption): Promise<Output> {
  const { format } = resumption.conditions;
  if (format === 'parquet') {
    const whole = await wholeFile(given);
    // Without its end it is nothing.
    return parquetOutput(whole.write, (isWhole) => (isWhole ? whole.finish() : whole.stop()));
  }
  const file = await behindLinks(given);
  if (!(await isPlain(file))) return deviceOutput(file, resumption);
  const [partial, journal] = [`${file}.partial`, `${file}.journal`];
  const frame = await frameOf(format);
  const earlier = resumption.isResumed ? await EarlierFile.open(partial, journal, frame, resumption.conditions) : null;
  let count = 0;
  let end = { record: 0, entry: 0 };
  let files: { records: Growing; entries: Growing } | null = null;
  if (earlier === null) files = await openFiles();

  async function openFiles() {
    const records = await Growing.open(partial, end.record);
    return { records, entries: await Growing.open(journal, end.entry) };
  }
  async function close(isLasting: boolean) {
    await earlier?.close();
    await files?.entries.close(false);
    await files?.records.close(isLasting);
  }
  return {
    reuse: async (input) => (await earlier?.next(input)) ?? null,
    write: async ({ path }, outcome, isReused) => {
      if (isReused) {
        const { isEmpty, ...place } = earlier?.ends.shift() ?? { ...end, isEmpty: false };
        end = place;
        if (!isEmpty) count++;
        return;
      }
      files ??= await openFiles();
      const text = frame.text(outcome);
      if (text !== '') await files.records.put(`${frame.before(count++)}${text}`);
      await files.entries.put(`${JSON.stringify(entryFor(path, { ...outcome, text }, resumption.conditions))}\n`);
    },
    finish: async () => {
      files ??= await openFiles();
      await files.records.put(frame.end(count));
      if (!(await files.records.isOurs())) throw new UsageError(`cannot write ${file}: another run writes it too`);
      await close(true);
      await fs.rename(partial, file).catch(cannotWrite(file));
      await fs.rm(journal, { force: true });
    },
    stop: async () => {
      await close(false);
      if (count === 0 && files !== null) for (const each of [partial, journal]) await fs.rm(each, { force: true });
    },
  };
}

/** A file that is written piece by piece, and appears whole or not at all; a device or a pipe takes the pieces as they come. */
export async function wholeFile(given: string) {
  const file = await behindLinks(given);
  const isKept = await isPlain(file);
  const partial = isKept ? `${file}.partial` : file;
  const written = await Growing.open(partial, isKept ? 0 : null);
  return {
    write: (piece: string | Uint8Array) => written.put(piece),
    finish: async () => {
      const isOurs = !isKept || (await written.isOurs());
      await written.close(isKept);
      if (!isOurs) throw new UsageError(`cannot write ${file}: another run writes it too`);
      if (isKept) await fs.rename(partial, file).catch(cannotWrite(file));
    },
    /** @param isLeft whether what was written stays, under the name that it has on its way; else nothing of it does. */
    stop: async (isLeft = false) => {
      await written.close(false).catch(() => {});
      if (isKept && !isLeft) await fs.rm(partial, { force: true });
    },
  };
}

/** A device or a pipe takes records as they come; nothing can be resumed there. */
async function deviceOutput(file: string, { isResumed, conditions }: Resumption): Promise<Output> {
  if (isResumed) throw new UsageError(`--resume needs a regular file, and ${file} is none`);
  const device = await Growing.open(file, null);
  const close = () => device.close(false);
  return streamOutput(conditions.format, (text) => device.put(text), close);
}

/** What a run that was stopped left of a file: the records from the first on that are still right. */
class EarlierFile {
  readonly #records: FileHandle;
  readonly #journal: FileHandle;
  readonly #entries: AsyncGenerator<{ entry: Entry; end: number }>;
  readonly #frame: Frame;
  readonly #conditions: Conditions;
  #position = 0;
  #count = 0;
  #isOver = false;
  /** Where each record and each entry that is used again ends, in bytes. */
  readonly ends: { record: number; entry: number; isEmpty: boolean }[] = [];

  private constructor(records: FileHandle, journal: FileHandle, frame: Frame, conditions: Conditions) {
    this.#records = records;
    this.#journal = journal;
    this.#entries = readEntries(journal);
    this.#frame = frame;
    this.#conditions = conditions;
  }

  /** Null where there is nothing to go on from. */
  static async open(partial: string, journal: string, frame: Frame, conditions: Conditions) {
    const records = await fs.open(partial, 'r').catch(() => null);
    const entries = await fs.open(journal, 'r').catch(() => null);
    if (records !== null && entries !== null) return new EarlierFile(records, entries, frame, conditions);
    await records?.close();
    await entries?.close();
    return null;
  }

  /** The next record's outcome, if it is the input's and still right; after one that is not, there are no more. */
  async next({ path }: Input): Promise<Outcome | null> {
    if (this.#isOver) return null;
    const { value } = (await this.#entries.next()) as { value?: { entry: Entry; end: number } };
    const outcome = value === undefined ? null : await this.#outcomeOf(value.entry, path);
    if (value === undefined || outcome === null) {
      this.#isOver = true;
      return null;
    }
    this.ends.push({ record: this.#position, entry: value.end, isEmpty: value.entry.bytes === 0 });
    return { ...outcome, text: '' };
  }

  async #outcomeOf(entry: Entry, path: string): Promise<Outcome | null> {
    const isEmpty = entry.bytes === 0;
    const before = isEmpty ? 0 : Buffer.byteLength(this.#frame.before(this.#count));
    const { size } = await this.#records.stat();
    const end = this.#position + before + entry.bytes;
    if (!(entry.bytes >= 0) || end > size) return null;
    const text = Buffer.alloc(before + entry.bytes);
    await this.#records.read(text, 0, text.length, this.#position);
    const isNoted = (other: Entry) => isSameEntry(entry, other);
    const outcome = stillRight(text.toString('utf8', before), path, this.#conditions, entry, isNoted);
    if (outcome === null) return null;
    this.#position = end;
    if (!isEmpty) this.#count++;
    return outcome;
  }

  async close(): Promise<void> {
    await this.#records.close();
    await this.#journal.close();
  }
}

/** The error records, to a file of their own as well. */
export async function errorOutput(
  given: string,
): Promise<{ write(record: ErrorRecord): Promise<void>; finish(): Promise<void>; stop(): Promise<void> }> {
  const file = await wholeFile(given);
  let count = 0;
  return {
    write: (record) => {
      count++;
      return file.write(serialise(record, 'ndjson'));
    },
    finish: file.finish,
    stop: () => file.stop(count > 0),
  };
}

/** The journal of an output folder. */
const JOURNAL = '.vacancy-journal.ndjson';

/** One file for each input below a folder, mirroring the inputs' tree. */
export async function treeOutput(folder: string, resumption: Resumption): Promise<Output> {
  const root = resolve(folder);
  const prepare = folderMaker(root, folder);
  const name = join(root, JOURNAL);
  const known = resumption.isResumed ? await knownRecords(name) : new Map<number, number>();
  let journal: { handle: FileHandle; isNew: boolean } | null = null;
  const close = async () => {
    await journal?.handle.close().catch(cannotWrite(name));
  };
  return {
    reuse: async (input) => {
      const target = treePath(folder, input.relative);
      const listed = known.get(targetNumber(target));
      const text = listed === undefined ? null : await fs.readFile(pathOf(target), 'utf8').catch(() => null);
      if (text === null) return null;
      return stillRight(text, input.path, resumption.conditions, null, (entry) => entryNumber(entry) === listed);
    },
    write: async (input, outcome, isReused) => {
      if (isReused) return;
      const target = treePath(folder, input.relative);
      await writeWhole(target, outcome.text, prepare);
      journal ??= await openJournal(name).catch(cannotWrite(name));
      const entry = entryFor(input.path, outcome, resumption.conditions);
      const line = `${JSON.stringify({ ...entry, output: relative(root, target) })}\n`;
      await journal.handle.appendFile(line).catch(cannotWrite(name));
    },
    finish: async () => {
      await close();
      // A folder that nobody means to go on with holds its records and nothing else.
      if (journal?.isNew && !resumption.isResumed) await fs.rm(name, { force: true });
    },
    stop: close,
  };
}

/** Writes a file that appears whole or not at all. What a killed run left half-written is written over. */
async function writeWhole(target: string, text: string, prepare: (target: string) => Promise<void>): Promise<void> {
  const partial = pathOf(join(dirname(target), `.${digest(bytesOf(basename(target))).slice(0, 24)}.partial`));
  try {
    await prepare(target);
    await fs.rm(partial, { force: true }); // never through a link that somebody put there
    const handle = await fs.open(partial, 'wx');
    try {
      await handle.writeFile(text);
      if (!(await isOpenAs(handle, partial))) throw new Error('another run writes it too');
    } finally {
      await handle.close();
    }
    await fs.rename(partial, pathOf(target));
  } catch (cause) {
    await fs.rm(partial, { force: true }).catch(() => {});
    cannotWrite(target)(cause);
  }
}

/** Opens a folder's journal at its end; a line that a stop cut is ended. */
async function openJournal(name: string): Promise<{ handle: FileHandle; isNew: boolean }> {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
  const handle = await fs.open(name, O_APPEND | O_CREAT | O_RDWR | (O_NOFOLLOW ?? 0));
  const { size } = await handle.stat();
  const last = Buffer.alloc(1);
  if (size > 0) await handle.read(last, 0, 1, size - 1);
  if (size > 0 && last[0] !== 10) await handle.appendFile('\n');
  return { handle, isNew: size === 0 };
}

/**
 * What a folder's journal says, of each target the last: two numbers a record, not the record, for there may be
 * millions. What they stand for is read anew from the target and the input, and a hash that is shared by chance says no.
 */
async function knownRecords(journal: string): Promise<Map<number, number>> {
  const known = new Map<number, number>();
  const handle = await fs.open(journal, 'r').catch(() => null);
  if (handle === null) return known;
  for await (const { entry } of readEntries(handle)) {
    const { output } = entry as Entry & { output?: unknown };
    if (typeof output === 'string') known.set(targetNumber(join(dirname(journal), output)), entryNumber(entry));
  }
  await handle.close();
  return known;
}

/** A target as a number. */
export const targetNumber = (target: string) => shortDigest(bytesOf(target), 48);

/** Makes a target's folder, once, and sees that no link in it leads out of the root. */
function folderMaker(root: string, asGiven: string): (target: string) => Promise<void> {
  const checked = new Set<string>();
  return async (target) => {
    const parent = dirname(target);
    if (checked.has(parent)) return;
    await makeFolder(parent);
    const [real, inside] = [await behindAllLinks(parent), await behindAllLinks(root)];
    if (real !== inside && !real.startsWith(inside.endsWith(sep) ? inside : inside + sep))
      throw new UsageError(`cannot write ${shownName(target)}: a link leads out of ${asGiven}`);
    checked.add(parent);
  };
}

const behindAllLinks = async (folder: string) => nameOf(await fs.realpath(pathOf(folder), { encoding: 'buffer' }));

/** Makes a folder and those above it. Node's own `recursive` never ends where the system refuses one, as in /proc. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await fs.mkdir(pathOf(folder));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await fs.stat(pathOf(folder))).isDirectory()) return;
    const above = dirname(folder);
    if (code !== 'ENOENT' || above === folder) throw cause;
    await makeFolder(above);
    await fs.mkdir(pathOf(folder));
  }
}

/** The most bytes of a name, and of a path, that Linux and most others take. */
const LONGEST = { name: 255, path: 4095 };
/** Names that Windows takes for devices, whatever stands behind a full stop. */
const DEVICE = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/i;

/**
 * The file that an input's record goes to: the full name plus `.json`, never outside the folder. A name that would be too
 * long is cut, and its digest stands for the rest. Throws `UsageError` where there can be no such file.
 */
export function treePath(folder: string, input: string): string {
  const root = resolve(folder);
  const named =
    process.platform === 'win32' && DEVICE.test(basename(input)) ? join(dirname(input), `_${basename(input)}`) : input;
  const target = join(root, dirname(named), shortened(`${basename(named)}.json`));
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new UsageError(`${shownName(input)} lies outside of ${folder}`);
  if (bytesOf(target).length > LONGEST.path) throw new UsageError(`the path of ${shownName(target)} is too long`);
  return target;
}

function shortened(name: string): string {
  const bytes = bytesOf(name);
  if (bytes.length <= LONGEST.name) return name;
  const ending = `~${digest(bytes).slice(0, 16)}.json`;
  let kept = '';
  for (const character of name) {
    if (bytesOf(kept + character).length + ending.length > LONGEST.name) break;
    kept += character;
  }
  return kept + ending;
}

/**
 * True where two names are one to the file system of a folder, or of what is above it as long as it is not there, if they
 * differ only in their case or in how é is spelt.
 */
export async function foldsNames(folder: string): Promise<boolean> {
  let place = resolve(folder);
  while (!(await fs.stat(place).catch(() => null))?.isDirectory() && dirname(place) !== place) place = dirname(place);
  const probe = await fs.mkdtemp(join(place, '.vacancy-é-')).catch(() => null);
  if (probe === null) return false; // nothing can be written there: that is said when something is to be
  try {
    const name = basename(probe);
    const others = [name.toUpperCase(), name.normalize('NFD')].map((other) => fs.stat(join(place, other)));
    return (await Promise.allSettled(others)).some(({ status }) => status === 'fulfilled');
  } finally {
    await fs.rmdir(probe);
  }
}
