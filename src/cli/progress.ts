import { type Io, say } from '../batch/io.ts';

const BAR = { width: 24, everyMs: 100 };
const LOG_EVERY_MS = 30_000;
/** The rate is that of the last while, not of the whole batch: it is what tells the time left. */
const RATE_OVER_MS = 20_000;

/** What a person sees of a batch that runs: a bar on a terminal, now and then a line in a log. */
export type Progress = 'bar' | 'log' | 'none';

/** Tells how far a batch is, on standard error. */
export class ProgressTeller {
  readonly #io: Io;
  readonly #kind: Progress;
  readonly #marks: { at: number; done: number }[] = [];
  #total: number | null = null;
  #done = 0;
  #failed = 0;
  #toldAt = Date.now();
  #isDrawn = false;

  constructor(io: Io, kind: Progress) {
    this.#io = io;
    this.#kind = kind;
    this.#marks.push({ at: this.#toldAt, done: 0 });
  }

  /** How many inputs there are, once that is known. */
  set total(count: number) {
    this.#total = count;
  }

  /** @param isWork false for a record that was there already: it says nothing about the rate. */
  async tick(isFailure: boolean, isWork: boolean): Promise<void> {
    this.#done++;
    if (isFailure) this.#failed++;
    if (!isWork) for (const mark of this.#marks) mark.done++;
    const now = Date.now();
    if (this.#kind === 'none' || now - this.#toldAt < (this.#kind === 'bar' ? BAR.everyMs : LOG_EVERY_MS)) return;
    this.#toldAt = now;
    this.#marks.push({ at: now, done: this.#done });
    while (this.#marks.length > 2 && now - (this.#marks[0]?.at ?? now) > RATE_OVER_MS) this.#marks.shift();
    if (this.#kind === 'log') await say(this.#io, `vacancy: ${this.#words().join(', ')}\n`);
    else await this.#draw();
  }

  async #draw(): Promise<void> {
    const words = this.#words().join(' · ');
    const share = this.#total === null || this.#total === 0 ? null : Math.min(1, this.#done / this.#total);
    const filled = Math.round((share ?? 0) * BAR.width);
    const bar = share === null ? '' : `${'█'.repeat(filled)}${'░'.repeat(BAR.width - filled)} `;
    const line = `${bar}${words}`.slice(0, Math.max(20, (this.#io.stderr.columns ?? 80) - 1));
    await say(this.#io, `\r\u001b[2K${line}`);
    this.#isDrawn = true;
  }

  #words(): string[] {
    const first = this.#marks[0] ?? { at: 0, done: 0 };
    const seconds = (Date.now() - first.at) / 1000;
    const rate = seconds > 0 ? (this.#done - first.done) / seconds : 0;
    const words = [
      this.#total === null ? `${count(this.#done)} done` : `${count(this.#done)} of ${count(this.#total)}`,
    ];
    words.push(`${rate < 10 ? rate.toFixed(1) : count(Math.round(rate))}/s`);
    if (this.#total !== null && rate > 0) words.push(`${duration((this.#total - this.#done) / rate)} left`);
    if (this.#failed > 0) words.push(`${count(this.#failed)} failed`);
    return words;
  }

  /** Takes the bar off the terminal, before something else is written there and when all is done. */
  async clear(): Promise<void> {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    await say(this.#io, '\r\u001b[2K');
  }
}

/** A number for people. */
export const count = (number: number) => number.toLocaleString('en-GB');

/** A time for people, of seconds: "0.4 s", "12 s", "3 min 5 s", "2 h 4 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
