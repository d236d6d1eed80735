import { resolve } from 'node:path';
import type { Io } from '../batch/io.ts';
import { wholeFile } from '../batch/output.ts';
import { printableLine } from '../normalise/unicode.ts';
import { Page, type Reviewed } from '../report/page/index.ts';
import { type InputFlags, overInputs } from './over-inputs.ts';
import { count } from './progress.ts';
import { type VoiceFlags, voice } from './voice.ts';
import { WrittenFiles } from './written-files.ts';

/** The options of `vacancy report`, as commander hands them over. */
export interface ReportFlags extends InputFlags, VoiceFlags {
  readonly output: string;
}

/** `vacancy report`: a batch as a page to look at. Returns the exit status. */
export async function reportCommand(args: readonly string[], flags: ReportFlags, io: Io): Promise<number> {
  const written = new WrittenFiles([resolve(flags.output)]);
  for (const path of args) written.refuse(path);
  const file = await wholeFile(flags.output); // now: a long batch is not to end with a name that cannot be written
  const page = new Page();
  let failed = 0;
  const say = voice(flags, io);
  try {
    const { inputs, stopped } = await overInputs(
      args,
      flags,
      io,
      { layout: 'review', evidence: true },
      written,
      async (input, { failure, text }) => {
        page.add(failure === null ? (JSON.parse(text) as Reviewed) : { record: failure, text: '' });
        if (failure === null) return;
        failed++;
        await say.error(input.path, failure.error);
      },
    );
    if (stopped !== null) {
      await file.stop();
      return stopped;
    }
    for (const piece of page.html()) await file.write(piece);
    await file.finish();
    await say.say(
      `vacancy: ${count(inputs)} ${inputs === 1 ? 'advert' : 'adverts'} in ${printableLine(flags.output)}, ${count(failed)} of them not read`,
    );
    return failed > 0 ? 1 : 0;
  } catch (cause) {
    await file.stop();
    throw cause;
  }
}
