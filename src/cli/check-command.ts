import { readFileSync } from 'node:fs';
import { Chalk } from 'chalk';
import type { Input } from '../batch/inputs.ts';
import { type Io, UsageError, writeTo } from '../batch/io.ts';
import { shownName } from '../batch/names.ts';
import type { Outcome } from '../batch/outcome.ts';
import { type Config, configSchema, levelOf } from '../check/config.ts';
import { type Finding, NOWHERE } from '../check/finding.ts';
import { type Format, printerOf } from '../check/formats.ts';
import { LEVELS, type Level, RULE_CODES } from '../check/rules.ts';
import type { z } from '../model/schema.ts';
import { nearest } from './nearest.ts';
import { type InputFlags, overInputs } from './over-inputs.ts';
import { count } from './progress.ts';
import { colourLevel, type VoiceFlags, voice } from './voice.ts';
import { WrittenFiles } from './written-files.ts';

/** The options of `vacancy check`, as commander hands them over. */
export interface CheckFlags extends InputFlags, VoiceFlags {
  readonly format: Format;
  readonly failOn: Level | 'never';
  readonly config?: string;
}

const CONFIG = 'vacancy.config.json';

/** `vacancy check`: what is wrong with adverts. Returns the exit status. */
export async function checkCommand(
  args: readonly string[],
  flags: CheckFlags,
  io: Io,
  version: string,
): Promise<number> {
  const config = readConfig(flags.config);
  const printer = printerOf(flags.format, version, new Chalk({ level: colourLevel(flags.color, io.stdout, io.env) }));
  const counts = new Map<Level, number>();
  let written = 0;
  let isBegun = false;
  const print = async (text: string) => {
    if (text !== '') await writeTo(io.stdout, text);
  };
  const begin = async () => {
    if (!isBegun) await print(printer.begin);
    isBegun = true;
  };
  // A date that only the day of reading tells is a finding, whatever day that is.
  const { asOf: _, ...inputFlags } = flags;
  const wanted = { layout: 'findings', evidence: false, today: flags.asOf ?? londonDay(new Date()) } as const;
  const { inputs, stopped, isWhole } = await overInputs(
    args,
    inputFlags,
    io,
    wanted,
    new WrittenFiles([]),
    async (input, outcome) => {
      await begin();
      for (const finding of findingsIn(input, outcome)) {
        const level = levelOf(finding.code, finding.level, config);
        if (level === null) continue;
        counts.set(level, (counts.get(level) ?? 0) + 1);
        await print(printer.finding({ ...finding, level }, written++));
      }
    },
  );
  if (stopped !== null && !isWhole) return stopped; // nobody takes what is printed
  await begin();
  await print(printer.end);
  if (stopped !== null) return stopped;
  if (flags.format === 'text') await voice(flags, io).say(summary(inputs, counts));
  return failing(flags.failOn).some((level) => counts.has(level)) ? 1 : 0;
}

/** An advert's findings; of an input that cannot be read, its error. */
function findingsIn(input: Input, { failure, text }: Outcome): Finding[] {
  if (failure === null) return JSON.parse(text) as Finding[];
  const { code, message, hint } = failure.error;
  return [{ path: shownName(input.path), code, level: 'error', message, reason: hint, ...NOWHERE }];
}

/** The levels that make the exit status 1. */
const failing = (failOn: Level | 'never') => (failOn === 'never' ? [] : LEVELS.slice(0, LEVELS.indexOf(failOn) + 1));

function summary(inputs: number, counts: ReadonlyMap<Level, number>): string {
  const found = LEVELS.map((level) => {
    const many = counts.get(level) ?? 0;
    return `${count(many)} ${level}${many === 1 ? '' : 's'}`;
  });
  return `vacancy: ${count(inputs)} ${inputs === 1 ? 'advert' : 'adverts'} checked: ${found.join(', ')}`;
}

/** The day in London. */
function londonDay(now: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London' }).formatToParts(now);
  const part = (name: string) => parts.find(({ type }) => type === name)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** The configuration that is named, or the one that stands here, or none. */
function readConfig(named: string | undefined): Config {
  const file = named ?? CONFIG;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (named === undefined && (cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UsageError(`cannot read ${file}: ${(cause as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new UsageError(`${file} is no JSON`);
  }
  const { success, data, error } = configSchema.safeParse(value);
  if (success) return data;
  const unknown = unknownRule(value);
  if (unknown !== null) throw new UsageError(`${file}: there is no rule ${unknown}${nearest(unknown, RULE_CODES)}`);
  throw new UsageError(`${file}: ${whatIsWrong(error.issues[0])}`);
}

/** An issue for a person: zod's own sentences come with its larger half only. */
function whatIsWrong(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return `there is no key ${key}${nearest(key, Object.keys(configSchema.shape))}`;
  }
  const [place, rule] = issue?.path ?? [];
  if (rule !== undefined) return `${String(rule)} takes ${LEVELS.join(', ')} or off`;
  return place === undefined ? 'it is no object' : `${String(place)} is not what it takes`;
}

function unknownRule(value: unknown): string | null {
  const { rules } = (value ?? {}) as { rules?: unknown };
  const names = typeof rules === 'object' && rules !== null ? Object.keys(rules) : [];
  return names.find((name) => !(RULE_CODES as readonly string[]).includes(name)) ?? null;
}
