import type { Passage } from '../../segment/passages.ts';
import { type Context, factsOf, sentencesWith } from '../field.ts';
import type { Figures } from './figures.ts';
import type { Statement } from './statement.ts';
import { findSupplements } from './supplements.ts';
import { type Flag, sameBounds } from './types.ts';

const PRO_RATA =
  /\bpro[\s-]{0,2}r(?:ata|ota|atta)\b|\bpro tata\b|\bper rota\b|\bp(?:er|\.)?\s?a(?:nnum)?\.?\s?\/?\s?pr\b|\bpro-?rat(?:a|ed)'?d?\b/i;
const OF_PAY =
  /\b(?:salar(?:y|ies)|pay\b|paid|wage|full[\s-]time equivalent|FTE|per annum|grade|scale|rate of pay)\b|£/i;
const OF_LEAVE = /\b(?:leave|holidays?|pension|benefits?|entitlement|days)\b/i;

/** The words that say that the figures are to be reduced; said of leave or pensions they say nothing of pay. */
export function findProRata(
  context: Context,
  lead: Statement | undefined,
  withFigures: readonly Statement[],
): Passage | null {
  const bounds = lead?.ranges[0];
  const repeats = withFigures.filter(
    ({ zone, ranges }) =>
      zone === lead?.zone && ranges.some((range) => bounds !== undefined && sameBounds(range, bounds)),
  );
  for (const { passage } of repeats) {
    const match = PRO_RATA.exec(passage.text);
    if (match === null) continue;
    const clause = passage.text.slice(Math.max(0, match.index - 60), match.index);
    if (!(OF_LEAVE.test(clause) && !/£/.test(clause))) return passage;
  }
  for (const sentence of sentencesWith(context, /pro[\s-]{0,2}(?:r|t)|per rota|pr\b/gi)) {
    if (
      sentence.zone !== 'advert' ||
      !PRO_RATA.test(sentence.text) ||
      OF_LEAVE.test(sentence.text) ||
      !OF_PAY.test(sentence.text)
    )
      continue;
    if (sentence.section.kind === 'benefits') continue;
    return sentence;
  }
  return null;
}

const FLAG_WORDS: readonly (readonly [Flag, RegExp])[] = [
  ['competitive', /\bcompet[ie]tive\b|\bcompetative\b|\bcompetetive\b/i],
  ['negotiable', /\bnegotiable\b/i],
  [
    'depending-on-experience',
    /\bDOE\b|\bdepend(?:s|ing|ent|ant)\s?(?:up)?on (?:your |previous |relevant |skills and |qualifications and |level of )*(?:experience|skills|qualifications)|\baccording to experience|\bcommensurate with (?:skills and )?experience|\bdependingon experience/i,
  ],
  [
    'pay-award-pending',
    /\bpay award (?:is )?pending\b|\bpending (?:the )?(?:\d{4}(?:\/\d{2,4})? )?(?:NJC )?pay award|\bsubject to (?:the )?(?:\d{4}(?:\/\d{2,4})? )?pay award|\baward pending|\bpay award (?:yet to be|not yet)/i,
  ],
  ['unpaid', /\bunpaid\b|\bvoluntary (?:role|position|post)\b|\bexpenses only\b/i],
];

/** Words about the pay that are no figures: competitive, depending on experience, an award that is pending. */
export function readFlags(
  context: Context,
  statements: readonly Statement[],
  lead: Statement | undefined,
  figures: Figures | null,
): { flag: Flag; passage: Passage }[] {
  const places = [
    ...factsOf(context, 'salary', 'actualSalary', 'grade')
      .filter(({ zone }) => zone !== 'board' || lead === undefined || lead.zone === 'board')
      .flatMap((fact) => fact.values),
    ...(lead === undefined ? [] : [lead.passage]),
  ];
  const repeats = statements
    .filter(
      (each) =>
        each.ranges.length > 0 &&
        lead?.ranges[0] !== undefined &&
        each.ranges.some((range) => lead.ranges[0] !== undefined && sameBounds(range, lead.ranges[0])),
    )
    .map(({ passage }) => passage);
  const found = FLAG_WORDS.flatMap(([flag, shape]) => {
    const passage = [...places, ...repeats].find(({ text }) => shape.test(text));
    return passage === undefined ? [] : [{ flag, passage }];
  });
  if (!found.some(({ flag }) => flag === 'pay-award-pending') && figures !== null) {
    const sentence = sentencesWith(context, /award/gi).find(({ text }) => FLAG_WORDS[3]?.[1].test(text));
    if (sentence !== undefined) found.push({ flag: 'pay-award-pending', passage: sentence });
  }
  if (figures === null && found.length === 0) {
    const unpaid = sentencesWith(context, /unpaid|volunt/gi).find(({ text }) =>
      /\bthis is an? (?:unpaid|voluntary|volunteer)\b|\b(?:role|position|post) is (?:unpaid|voluntary)\b|\bvoluntary (?:role|position),? (?:so|with) /i.test(
        text,
      ),
    );
    if (unpaid !== undefined) found.push({ flag: 'unpaid', passage: unpaid });
    const competitive = sentencesWith(context, /competitive/gi).find(
      ({ text, section }) =>
        section.kind !== 'about-us' && /\bcompetitive (?:salary|rates? of pay|pay|remuneration)\b/i.test(text),
    );
    if (competitive !== undefined) found.push({ flag: 'competitive', passage: competitive });
    const open = sentencesWith(context, /(?:salary|pay|remuneration|rate) (?:is|will be)/gi).find(({ text }) =>
      /\b(?:salary|pay|remuneration|rate) (?:is|will be) (?:open to )?(?:negotia|depend)/i.test(text),
    );
    const flag = open === undefined ? undefined : FLAG_WORDS.find(([, shape]) => shape.test(open.text))?.[0];
    if (open !== undefined && flag !== undefined) found.push({ flag, passage: open });
  }
  if (figures?.isMultiple && lead !== undefined) found.push({ flag: 'multiple-ranges', passage: lead.passage });
  return found;
}

/** The supplements named with the pay, each once. */
export function readSupplements(
  context: Context,
  lead: Statement | undefined,
  withFigures: readonly Statement[],
): ReturnType<typeof findSupplements> {
  if (lead === undefined) {
    // "Sleep-ins £60 per night" in the pay's own field: a sum that is no pay of its own.
    const fields = factsOf(context, 'salary').flatMap((fact) => fact.values);
    return fields.flatMap(findSupplements).filter(({ supplement }) => supplement.amount !== null);
  }
  const sameFigures = withFigures.filter(
    (other) =>
      other !== lead &&
      other.zone === lead.zone &&
      other.ranges.some((range) => lead.ranges[0] !== undefined && sameBounds(range, lead.ranges[0])),
  );
  const salaries = factsOf(context, 'salary')
    .filter((fact) => fact.zone === lead.zone)
    .flatMap((fact) => fact.values);
  const inSection = context.sections
    .filter((section) => section.kind === 'pay' && section.zone === lead.zone)
    .flatMap((section) =>
      section.blocks.flatMap((block): Passage[] =>
        block.kind === 'table' ? [] : [{ text: block.text, start: block.span.start }],
      ),
    );
  // The pay heading's own section, and the line that is the heading's whole content.
  const near = context.sections.flatMap((section, index) =>
    section.kind === 'pay' && section.blocks.length === 0 ? followers(context, index) : [],
  );
  const found: ReturnType<typeof findSupplements> = [];
  for (const passage of [
    lead.passage,
    ...salaries,
    ...sameFigures.map((other) => other.passage),
    ...inSection,
    ...near,
  ]) {
    for (const each of findSupplements(passage)) {
      const isKnown = found.some(
        (other) =>
          other.supplement.type === each.supplement.type &&
          (other.supplement.type !== 'other' ||
            other.supplement.text.toLowerCase() === each.supplement.text.toLowerCase()),
      );
      if (!isKnown) found.push(each);
    }
  }
  return found;
}

function followers(context: Context, index: number): Passage[] {
  const passages: Passage[] = [];
  for (const section of context.sections.slice(index + 1, index + 4)) {
    if (section.kind !== 'other' || section.heading === null || !/£/.test(section.heading.text)) break;
    passages.push({ text: section.heading.text, start: section.heading.span.start });
  }
  return passages;
}
