import { type Io, UsageError } from '../batch/io.ts';
import { writeFileWhole } from '../batch/output.ts';
import { Page, type Reviewed } from '../report/page/index.ts';
import { type InputFlags, overInputs } from './over-inputs.ts';
import { count } from './progress.ts';
import { type VoiceFlags, voice } from './voice.ts';

/** The options of `vacancy report`, as commander hands them over. */
export interface ReportFlags extends InputFlags, VoiceFlags {
  readonly output: string;
}

/** `vacancy report`: a batch as a page to look at. Returns the exit status. */
export async function reportCommand(args: readonly string[], flags: ReportFlags, io: Io): Promise<number> {
  if (args.includes(flags.output)) throw new UsageError(`${flags.output} would be written over`);
  const page = new Page();
  let failed = 0;
  const say = voice(flags, io);
  const { inputs, stopped } = await overInputs(
    args,
    flags,
    io,
    { layout: 'review', evidence: true },
    async (input, outcome) => {
      const { failure, text } = outcome;
      page.add(failure === null ? (JSON.parse(text) as Reviewed) : { record: failure, text: '' });
      if (failure === null) return;
      failed++;
      await say.error(input.path, failure.error);
    },
  );
  if (stopped !== null) return stopped;
  await writeFileWhole(flags.output, page.html());
  await say.say(
    `vacancy: ${count(inputs)} ${inputs === 1 ? 'advert' : 'adverts'} in ${flags.output}, ${count(failed)} of them not read`,
  );
  return failed > 0 ? 1 : 0;
}
