import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../batch/io.ts';
import { pathOf, shownName } from '../batch/names.ts';

/** What is written, under all of the names that it has on the way: nothing that is read may be among them. */
export class WrittenFiles {
  readonly #names: ReadonlySet<string>;
  readonly #inodes: ReadonlySet<string>;

  constructor(outputs: readonly string[]) {
    const names = outputs.flatMap((file) =>
      ['', '.partial', '.journal', '.partial.copy', '.journal.copy'].map((ending) => `${file}${ending}`),
    );
    this.#names = new Set(names);
    this.#inodes = new Set(names.flatMap((name) => inodeOf(name) ?? []));
  }

  /** Throws `UsageError` for a file that would be written over. */
  refuse(path: string): void {
    if (path === '-' || this.#names.size === 0) return;
    const isWritten =
      this.#names.has(resolve(path)) || (this.#inodes.size > 0 && this.#inodes.has(inodeOf(path) ?? ''));
    if (isWritten) throw new UsageError(`${shownName(path)} would be written over`);
  }
}

/** What tells a regular file whatever its name; null for what is none. */
function inodeOf(path: string): string | null {
  try {
    const entry = statSync(pathOf(path));
    return entry.isFile() ? `${entry.dev}:${entry.ino}` : null;
  } catch {
    return null;
  }
}
