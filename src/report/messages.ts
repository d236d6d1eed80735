import type { Diagnostic, ErrorCode, WarningArgs, WarningCode } from '../model/diagnostic.ts';
import { printable } from '../normalise/unicode.ts';

const quote = (words: string) => {
  const line = words.replace(/\s+/g, ' ').trim();
  // Not within one of the characters that are two units long.
  return `“${line.length > 120 ? `${line.slice(0, 119).replace(/[\ud800-\udbff]$/, '')}…` : line}”`;
};
const pounds = (sum: number) =>
  `£${sum.toLocaleString('en-GB', Number.isInteger(sum) ? {} : { minimumFractionDigits: 2 })}`;
const conflict = ({ quote: words }: { quote: string }) =>
  `Another statement differs from the one that was taken: ${quote(words)}.`;

/** The sentence of each warning. A code without one does not compile. */
const WARNINGS: { readonly [Code in WarningCode]: (args: WarningArgs[Code]) => string } = {
  'closingDate/conflict': conflict,
  'contract/conflict': conflict,
  'document/not-a-vacancy': ({ quote: words }) =>
    `The document does not look like a vacancy, and nothing was read from it${words === null ? '' : `: ${quote(words)}`}.`,
  'document/several-vacancies': ({ count, quote: words }) =>
    `The document holds ${count} vacancies, and the first was read. The next one begins at ${quote(words)}.`,
  'document/tracked-changes': () => 'The document holds tracked changes: it was read as if all of them were accepted.',
  'document/unread-pages': ({ pages }) => `Some pages could not be read: ${pages}.`,
  'document/unreadable-font': ({ characters }) =>
    `A font has no map from its glyphs to letters: ${characters} characters were left out.`,
  'hours/conflict': conflict,
  'date/impossible': ({ quote: words }) => `No calendar has this day: ${quote(words)}.`,
  'date/midnight': ({ quote: words }) =>
    `Midnight is written as ${quote(words)}: it may mean the start or the end of the day.`,
  'date/no-year': ({ quote: words }) => `The date has no year, and nothing tells it: ${quote(words)}.`,
  'date/relative': ({ quote: words }) =>
    `The date is told from the day of reading, which is not known (see --as-of): ${quote(words)}.`,
  'date/several': ({ quote: words }) => `Several days are named, the first was taken: ${quote(words)}.`,
  'date/unlabelled': ({ quote: words }) => `A date stands alone in the header, without a label: ${quote(words)}.`,
  'date/week': ({ quote: words }) => `A week or a month is named, and no day: ${quote(words)}.`,
  'date/weekday-mismatch': ({ quote: words, weekday }) =>
    `The weekday does not fit the date, which is a ${weekday}: ${quote(words)}.`,
  'date/year-inferred': ({ quote: words, date }) => `The year of ${quote(words)} was inferred: ${date}.`,
  'datePosted/conflict': conflict,
  'dbs/conflict': conflict,
  'interviewDate/conflict': conflict,
  'location/multiple': ({ quote: words }) => `Several places of work are named, the first was taken: ${quote(words)}.`,
  'pay/actual-mismatch': ({ actual, fullTime, hours }) =>
    hours === null
      ? `The actual pay (${pounds(actual)}) is more than the full-time figure (${pounds(fullTime)}).`
      : `The actual pay (${pounds(actual)}) is not what ${hours} hours a week make of ${pounds(fullTime)}, in term time or all the year.`,
  'pay/band-mismatch': ({ band, min, max, year }) =>
    `The figures fit Band ${band} of Agenda for Change in no pay year around the advert's date (England, ${year}: ${pounds(min)} to ${pounds(max)}).`,
  'pay/below-minimum-wage': ({ rate, from, perHour, isMost }) =>
    `The figures come to ${isMost ? 'at most ' : ''}${pounds(perHour)} an hour, less than the National Living Wage of ${pounds(rate)} from ${from}.`,
  'pay/conflict': conflict,
  'pay/high-cost-area': ({ band, year, least }) =>
    `The figures are said to include a high-cost area supplement, and are the basic pay of Band ${band} (England, ${year})${least === null ? '' : `; the least supplement is ${pounds(least)}`}.`,
  'pay/period-inferred': ({ period }) => `The period of the pay is not stated; its size says that it is per ${period}.`,
  'pay/period-unknown': ({ quote: words }) =>
    `The period of the pay is not stated, and its size does not tell it: ${quote(words)}.`,
  'pay/periods-disagree': ({ hours }) =>
    `The hourly and the yearly figure agree for ${hours} hours a week, which is neither a full week nor the post's.`,
  'pay/scale-mismatch': ({ scale, min, max, year }) =>
    `The figures do not lie within ${scale} in any year around the advert's date (${year}: ${pounds(min)} to ${pounds(max)}).`,
  'pay/spine-point-mismatch': ({ points, min, max, year }) =>
    `The figures are not the NJC pay of SCP ${points} in any year around the advert's date (${year}: ${pounds(min)} to ${pounds(max)}).`,
  'reference/conflict': conflict,
  'startDate/conflict': conflict,
  'title/conflict': conflict,
};

/** A warning as an English sentence. */
export function describeWarning(diagnostic: Diagnostic): string {
  return (WARNINGS[diagnostic.code] as (args: Diagnostic['args']) => string)(diagnostic.args);
}

/** Every code that a warning may have, sorted. */
export const WARNING_CODES = Object.keys(WARNINGS).sort() as WarningCode[];

interface ErrorText {
  readonly message: string;
  readonly hint: string;
}

const ERRORS: { readonly [Code in ErrorCode]: ErrorText } = {
  'input/not-found': { message: 'There is no such file.', hint: 'Check the path; quote names that hold spaces.' },
  'input/not-readable': {
    message: 'The file cannot be read.',
    hint: 'Check its permissions, and that it is a regular file.',
  },
  'input/too-large': {
    message: 'The file is larger than the limit.',
    hint: 'Raise the limit with --max-bytes if it really is an advert.',
  },
  'input/unknown-format': {
    message: 'The file is in no format that can be read.',
    hint: 'Save it as text, Markdown, HTML, PDF or Word (.docx).',
  },
  'input/empty': { message: 'The file holds no text.', hint: 'Check that the download or the export was complete.' },
  'input/timeout': {
    message: 'The file took longer than the time limit.',
    hint: 'Raise the limit with --timeout if it really is an advert.',
  },
  'pdf/encrypted': { message: 'The PDF is encrypted and needs a password.', hint: 'Save a copy without the password.' },
  'pdf/corrupt': {
    message: 'The PDF is damaged.',
    hint: 'Fetch it again, or print it to a new PDF from a viewer that can open it.',
  },
  'pdf/no-text-layer': {
    message: 'The PDF holds pictures of pages and no text.',
    hint: 'Run it through OCR first (for example ocrmypdf).',
  },
  'pdf/unreadable-text': {
    message: 'The PDF has text, but its fonts do not say which letters it is made of.',
    hint: 'Run it through OCR (for example ocrmypdf --force-ocr), or ask for the original.',
  },
  'docx/corrupt': {
    message: 'The Word document is damaged.',
    hint: 'Open it in Word or LibreOffice, and save it anew.',
  },
  'docx/not-word': {
    message: 'The file is a zip archive or Office file, but no Word document.',
    hint: 'Unpack it, or save it as .docx.',
  },
  'docx/encrypted': {
    message: 'The Word document is encrypted and needs a password.',
    hint: 'Save a copy without the password.',
  },
  'doc/legacy': {
    message: 'The file is in the format of Word 97–2003 (.doc).',
    hint: 'Save it as .docx (soffice --headless --convert-to docx FILE).',
  },
  'zip/bomb': {
    message: 'The file inflates to more than any document would.',
    hint: 'Do not open it unless you trust where it comes from.',
  },
  'worker/crashed': {
    message: 'The process that read the file died, and so did a second one.',
    hint: 'Print it to a new PDF, or save it anew; please report the file if you can share it.',
  },
  'worker/out-of-memory': {
    message: 'The file took more memory than a worker process may hold.',
    hint: 'Raise the limit with --max-memory if it really is an advert.',
  },
  'internal/unexpected': {
    message: 'Reading the file failed in a way that it should not.',
    hint: 'Please report it, with the file if you can share it.',
  },
};

/** The sentence and the hint of an error; `detail` is added in brackets. It may be a library's, and quote the file. */
export function describeError(code: ErrorCode, detail: string): { code: ErrorCode; message: string; hint: string } {
  const { message, hint } = ERRORS[code];
  return { code, message: detail === '' ? message : `${message.replace(/\.$/, '')} (${printable(detail)}).`, hint };
}
