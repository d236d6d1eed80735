import type { Outcome } from '../batch/outcome.ts';
import { count, duration } from './progress.ts';

/** Codes of one kind that a summary names; the rest are counted together. */
const NAMED = 12;

/** Counts what became of a batch's inputs. */
export class Tally {
  readonly #startedAt = Date.now();
  readonly #failures = new Map<string, number>();
  readonly #warnings = new Map<string, number>();
  #parsed = 0;
  #failed = 0;
  #warned = 0;
  #reused = 0;

  /** The records so far. */
  get count(): number {
    return this.#parsed + this.#failed;
  }

  add({ failure, warnings }: Outcome, isReused: boolean): void {
    if (isReused) this.#reused++;
    if (failure !== null) {
      this.#failed++;
      add(this.#failures, failure.error.code);
      return;
    }
    this.#parsed++;
    if (warnings.length > 0) this.#warned++;
    for (const code of new Set(warnings.map((warning) => warning.code))) add(this.#warnings, code);
  }

  exitStatus(failOn: 'error' | 'warning' | 'never'): number {
    if (failOn === 'never') return 0;
    return this.#failed > 0 || (failOn === 'warning' && this.#warned > 0) ? 1 : 0;
  }

  /** The batch in two or three lines, for a person. */
  summary(): string {
    const seconds = (Date.now() - this.#startedAt) / 1000;
    const done = this.count - this.#reused;
    const lines = [
      `vacancy: ${count(this.#parsed)} parsed, ${count(this.#failed)} failed in ${duration(seconds)}` +
        (done > 0 && seconds > 0 ? ` (${count(Math.round(done / seconds))}/s)` : '') +
        (this.#reused > 0 ? `; ${count(this.#reused)} of them were there from an earlier run` : ''),
    ];
    if (this.#failures.size > 0) lines.push(`  failed:   ${listed(this.#failures)}`);
    if (this.#warnings.size > 0) lines.push(`  warnings: ${listed(this.#warnings)}`);
    return lines.join('\n');
  }
}

const add = (counts: Map<string, number>, code: string) => counts.set(code, (counts.get(code) ?? 0) + 1);

/** Codes with their counts, the most first, for a person. */
export function listed(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const named = sorted.slice(0, NAMED).map(([code, times]) => `${code} ${count(times)}`);
  if (sorted.length > NAMED) named.push(`${sorted.length - NAMED} other codes`);
  return named.join(' · ');
}
