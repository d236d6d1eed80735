import { cite } from '../choose.ts';
import type { Candidate } from '../model/candidate.ts';
import type { Row } from '../model/document.ts';
import { z } from '../model/schema.ts';
import { findDates } from '../normalise/calendar.ts';
import { foldPhrase, isPlaceholder, squash } from '../normalise/phrases.ts';
import { type Fact, factText } from '../segment/facts.ts';
import { cut, type Passage } from '../segment/passages.ts';
import { bareHeading, findLabel, findSectionKind, isBoardChrome } from '../segment/vocabulary.ts';
import { employerName } from './employer.ts';
import { type Context, type Field, factsOf, runningSentences, settle } from './field.ts';
import { namesOrganisation, namesRole } from './names.ts';

export interface TitleValues {
  title: string | null;
}

/** The post's title as advertised, without reference, band, employer, town, hours or contract type. */
export const title: Field<TitleValues> = {
  name: 'title',
  schema: { title: z.nullable(z.string()) },
  read(context) {
    const chosen = settle(context, 'title', candidates(context), isSameTitle, 'title/conflict');
    return { title: chosen === null ? null : { value: spell(context, chosen.reading), evidence: chosen.evidence } };
  },
};

function isSameTitle(a: string, b: string): boolean {
  const [x, y] = [foldPhrase(a).replace(/ and /g, ' '), foldPhrase(b).replace(/ and /g, ' ')];
  return x.includes(y) || y.includes(x);
}

function candidates(context: Context): Candidate<string>[] {
  const heading = headingTitle(context);
  const labelled = factsOf(context, 'title').flatMap((fact): Candidate<string>[] => {
    // A board's "Job role: Teacher" is a kind of post, where a heading names this one.
    const isKind = /^job role$/i.test(fact.label.text.trim());
    if (isKind && heading !== null && namesRole(heading.reading)) return [];
    if (fact.section === 'contact' || isPlaceholder(factText(fact)) || isOfContact(context, fact)) return [];
    const bare = bareTitle(context, fact.values[0]);
    const isLoose =
      /^(?:post|position|role|job|vacancy)$/i.test(fact.label.text.trim()) && !namesRole(bare?.text ?? '');
    if (bare === null || isLoose || bare.text.length > 120 || /[.!?]$/.test(bare.text)) return [];
    return [
      { reading: squash(bare.text), strength: 'labelled', zone: fact.zone, evidence: [cite('title/labelled', bare)] },
    ];
  });
  // Beside a labelled title a heading counts only where it names a role too.
  const isBeside = heading !== null && labelled.length > 0 && !namesRole(heading.reading);
  return [
    ...labelled,
    ...(heading === null || isBeside ? [] : [heading]),
    ...(labelled.length === 0 && heading === null ? proseTitles(context) : []),
  ];
}

/** "Contact name: …" and right below it "Job title: …": what the contact is. */
function isOfContact({ facts }: Context, fact: Fact): boolean {
  return facts[facts.indexOf(fact) - 1]?.key === 'contactName';
}

interface Line extends Passage {
  readonly score: number;
  readonly zone: Candidate<string>['zone'];
}

const NOT_TITLE =
  /^(?:skip to|cookies?|menu|sign in|log ?in|search|home\b|go back|back\b|apply|save|share|print|job details|vacancy details|jobs?$|careers?|accept|reject|view|register|find jobs|return to|please|dear|(?:a )?(?:word|message|letter|note|foreword|introduction) from|thank you|tel\b|fax\b|www|http|the closing|closing|posted|details|contents|welcome|would you|are you|join (?:us|our)|we |our |you |this |date|page|job advert|job opportunities|nhs jobs|advert|recruitment|information for|guidance|application form|main area|job pack|candidate (?:pack|information)|recruitment pack|applicant (?:pack|information)|vacancy$|vacancies|could you|do you|come and|reporting|salary|interested|an? exciting|job share|as an?\b|working for|job ?profile|employer|equal|disability|investors|background information|introduction to)\b/i;

/** The heading among a document's first lines that names the post. */
function headingTitle(context: Context): Candidate<string> | null {
  const employer = foldPhrase(employerName(context)?.reading ?? '');
  const facts = new Set(context.facts.flatMap((fact) => [fact.label.start, ...fact.values.map(({ start }) => start)]));
  const lines: Line[] = [];
  for (const zone of ['advert', 'board'] as const) {
    const blocks = context.sections
      .filter((section) => section.zone === zone)
      .flatMap((section) => [
        ...(section.heading === null ? [] : [{ block: section.heading, isHeading: true }]),
        ...section.blocks.map((block) => ({ block, isHeading: false })),
      ]);
    const texts = blocks.flatMap(({ block, isHeading }) =>
      block.kind === 'table'
        ? block.rows.length === 1 || isAlone(block.rows[0])
          ? (block.rows[0]?.cells.flatMap((cell) => cell.blocks.map((inner) => ({ block: inner, isHeading }))) ?? [])
          : []
        : [{ block, isHeading }],
    );
    // "Marguerite Ashdowne," and below it what she is: a signature.
    const isSigned = (index: number) => /,$/.test(texts[index - 1]?.block.text ?? '');
    const free = texts.filter(({ block }, index) => !facts.has(block.span.start) && !isSigned(index));
    const largest = Math.max(0, ...free.slice(0, 15).map(({ block }) => block.style?.size ?? 0));
    for (const [index, { block, isHeading }] of free.slice(0, 60).entries()) {
      const { text } = block;
      if (text.length < 2 || text.length > 130 || block.kind === 'list-item') continue;
      // So far down only what names a role, or says that a title follows, is one.
      if (index > 8 && !namesRole(text) && !OPENS_TITLE.test(text)) continue;
      const place = { text, start: block.span.start };
      const suffix = OPENS_TITLE.exec(text);
      const line = suffix === null ? place : cut(place, suffix[0].length);
      const prefixed = /^(.{4,80}?)\s(?:job description|person specification|job profile|role profile|vacancy)$/i.exec(
        line.text,
      );
      const joining = /\bjoin us as (?:an?|our(?: next| new)?)\s(?=[A-Z])/i.exec(line.text);
      if (joining !== null) {
        const named = bareTitle(context, cut(line, joining.index + joining[0].length));
        if (named !== null && namesRole(named.text)) lines.push({ ...named, score: 7 - index / 12, zone });
        continue;
      }
      const subject = prefixed?.[1] === undefined ? line : cut(line, 0, prefixed[1].length);
      if (isNoTitle(subject.text, suffix !== null) || (index > 25 && suffix === null)) continue;
      const bare = bareTitle(context, subject);
      if (bare === null || foldPhrase(bare.text) === employer) continue;
      const isRole = namesRole(bare.text);
      const isOrganisation = namesOrganisation(bare.text) && !isRole;
      if (isOrganisation || (!isRole && index > 8 && suffix === null)) continue;
      const size = block.style?.size ?? 0;
      const score =
        (isRole ? 6 : 0) +
        (block.style?.headingLevel !== undefined ? 3 - Math.min(2, block.style.headingLevel / 2) : 0) +
        (largest > 0 && size >= largest * 0.98 ? 3 : size > 0 && size > largest * 0.75 ? 1 : 0) +
        (isHeading ? 1 : 0) +
        (block.style?.emphasised ? 1 : 0) -
        index / 12 -
        (suffix !== null ? 1 : 0) -
        (bare.text.split(' ').length > 9 ? 2 : 0) +
        (isFollowedByBand(free[index + 1]?.block.text) ? 3 : 0);
      if (score >= 1) lines.push({ ...bare, score, zone });
    }
  }
  const inAdvert = lines.filter(({ zone, score }) => zone === 'advert' && score >= 3);
  const [best] = (inAdvert.length > 0 ? inAdvert : lines).sort((a, b) => b.score - a.score || a.start - b.start);
  if (best === undefined) return null;
  return {
    reading: squash(best.text),
    strength: 'in-section',
    zone: best.zone,
    evidence: [cite('title/heading', best)],
  };
}

/** What a title stands behind: "Job description – Caretaker". */
const OPENS_TITLE =
  /^(?:job description|person specification|job profile|role profile|job specification|further particulars|vacancy|job title|post)\s{0,2}(?:[-–—|:]|for (?:the (?:post|role) of)?)\s{0,2}(?=\S)/i;

/** A table's first row that holds one cell's words: a title across the top of a grid of facts. */
const isAlone = (row: Row | undefined) =>
  row !== undefined && row.cells.filter((cell) => cell.blocks.length > 0).length === 1;

const LOOKING = /^we(?:['’]re| are) (?:now )?(?:looking for|recruiting|hiring|seeking) an?\b/i;

const isFollowedByBand = (text: string | undefined) =>
  text !== undefined && /^(?:NHS AfC:?\s)?(?:band|grade)\s\w{1,3}\b/i.test(text) && text.length < 40;

function isNoTitle(text: string, isSuffixed: boolean): boolean {
  if (
    NOT_TITLE.test(text) &&
    !(LOOKING.test(text) && namesRole(text)) &&
    !(
      /^home\b|^recruitment\b|^vacancy\b|^apply\b|^guidance\b/i.test(text) &&
      namesRole(text) &&
      text.split(' ').length > 1
    )
  )
    return true;
  if (/^(?:job|post|role) (?:description|profile|specification)(?: (?:and|&)\b.*)?$/i.test(text)) return true;
  if (
    isBoardChrome(text) ||
    findLabel(text) !== null ||
    /[?!]$|[.;]$|@|\d{5}|£|\b(?:may be|will|must|should) [a-z]/.test(text.replace(/\s\([^()]{1,40}\)$/, '')) ||
    findDates(text).length > 0
  )
    return true;
  const kind = findSectionKind(text);
  return !isSuffixed && kind !== null && kind !== 'other' && !namesRole(text.split(/\s[-–—]\s/)[0] ?? '');
}

const BAND =
  /^(?:(?:nhs\s)?(?:afc|agenda for change)[:\s]{0,3})?(?:band|grade|scale|level|gr\.?)\s{0,2}[\w]{1,4}(?:\s?(?:[-–/]|to|or)\s?(?:band\s)?\w{1,3})?(?:\s(?:equivalent|career graded))?$|^(?:scp|points?)\s[\d\s–-]+$|^(?:HEO|SEO|EO|AO|AA|G[67]|Grade [67]|higher executive officer|senior executive officer|executive officer|administrative officer)$/i;
const TERMS =
  /^(?:(?:permanent|fixed[\s-]?term(?:\s(?:contract|until .{4,30}|for .{3,20}|\(?\d+ months\)?))?|temporary|temp|secondment|bank|casual|maternity cover|zero hours|full[\s-]?time|part[\s-]?time|full[\s-]?(?:and|or|\/|&)[\s-]?part[\s-]?time|job[\s-]share|term[\s-]time(?: only)?|tto|ft|pt|ftc|apprenticeship|hybrid|remote|on-site|home[\s-]based|homeworking|day shift|nights?|days|weekends?|\d{1,2} months?(?:\s.{0,20})?|up to \d.{0,20}|0\.\d+ (?:wte|fte)|[\d.]+\s?(?:-\s?[\d.]+\s?)?(?:hours|hrs|hpw|wte|fte)(?:\s(?:per|a) week|\s?pw)?)(?:[\s,/&]+|\sand\s|\sor\s)?){1,5}$/i;
const REFERENCE =
  /^(?:ref(?:erence)?[.:\s]|job (?:ref|id|no)|req)|^(?=[^\d]*\d{2})[A-Z\d]{1,8}(?:[-/ ][A-Z\d]{1,12}){0,4}$/i;

/** What may stand beside a title and is none of it. */
interface Surroundings {
  readonly employer: string;
  readonly towns: ReadonlySet<string>;
  readonly place: string;
}

const surroundings = new WeakMap<Context['facts'], Surroundings>();

/** Found once for each advert: every line that may be its title asks for it. */
function surroundingsOf(context: Context): Surroundings {
  const known = surroundings.get(context.facts);
  if (known !== undefined) return known;
  const found = {
    employer: foldPhrase(employerName(context)?.reading ?? ''),
    towns: new Set(factsOf(context, 'town').map((fact) => foldPhrase(factText(fact)))),
    place: foldPhrase(factsOf(context, 'location').map(factText).join(' ')),
  };
  surroundings.set(context.facts, found);
  return found;
}

/** A title without the parts, before or after a dash or in brackets, that say something else than what the job is. */
function bareTitle(context: Context, passage: Passage): Passage | null {
  // "Home > Careers > Income Officer": the last step of a trail.
  const trail =
    /^.{1,90}\s[>›»]\s(?=\S)/.exec(passage.text) ??
    // "We're looking for a Room Leader", as a heading.
    /^(?:we(?:['’]re| are) (?:now )?(?:looking for|recruiting|hiring|seeking)|(?:help |staff )?wanted:?|now (?:hiring|recruiting):?|join us as)\s(?:an?\s|our next\s|our new\s)?(?=\S)/i.exec(
      passage.text,
    );
  let part = cut(passage, trail?.[0].length ?? 0);
  const { employer, towns, place } = surroundingsOf(context);
  const isOther = (text: string) => {
    const bare = text.trim().replace(/^[\s([]+|(?<![\s)\].,])[\s)\].,]+$/g, '');
    const phrase = foldPhrase(bare);
    if (BAND.test(bare) || TERMS.test(bare) || (REFERENCE.test(bare) && /\d/.test(bare)) || phrase === '') return true;
    if (
      employer !== '' &&
      phrase.length > 2 &&
      (employer === phrase || (employer.includes(phrase) && namesOrganisation(bare)) || phrase.includes(employer))
    )
      return true;
    if (/^(?:x ?\d|\d{1,2} ?(?:posts?|positions?|vacancies)|\d{1,2}x)$/i.test(bare)) return true;
    return (
      towns.has(phrase) ||
      (phrase.length > 3 &&
        /^[A-Z][a-z]+(?:[ -][A-Z][a-z]+)?$/.test(bare) &&
        !namesRole(bare) &&
        new RegExp(String.raw`\b${phrase}\b`).test(place) &&
        isTownOnly(bare))
    );
  };
  for (let turn = 0; turn < 6; turn++) {
    const before = part.text;
    const bracket = /[\s,]{0,2}[([]([^()[\]]{1,60})[)\]]\s*$/.exec(part.text);
    if (bracket?.[1] !== undefined && isOther(bracket[1])) part = cut(part, 0, bracket.index);
    const tail = /^(.*\S)\s*(?:\s[-–—|]{1,2}\s|,\s|[-–—]\s)(.{1,70})$/.exec(part.text);
    if (tail?.[2] !== undefined && isOther(tail[2])) part = cut(part, 0, tail[1]?.length ?? 0);
    const lead = /^(.{2,60}?)(?:\s[-–—|]{1,2}\s|:\s)(?=\S)/.exec(part.text);
    if (lead?.[1] !== undefined && isOther(lead[1])) part = cut(part, lead[0].length);
    const band = /(?<!\s)\s+(?:\(?(?:afc\s)?band\s?\d[a-d]?(?:\s?[-/]\s?\d[a-d]?)?\)?|grade\s\d{1,2})\s*$/i.exec(
      part.text,
    );
    if (band !== null && band.index > 3) part = cut(part, 0, band.index);
    const front =
      /^(?:part[\s-]time|full[\s-]time|permanent|temporary|fixed[\s-]term|(?:afc\s)?band\s\d[a-d]?|(?:\d{1,2}|two|three)\s?x)\s+(?=\S)/i.exec(
        part.text,
      );
    if (front !== null) part = cut(part, front[0].length);
    const rear = /(?<!\s)\s+(?:part[\s-]time|full[\s-]time|permanent|fixed[\s-]term|term[\s-]time(?: only)?)$/i.exec(
      part.text,
    );
    if (rear !== null) part = cut(part, 0, rear.index);
    part = cut(part, 0, part.text.replace(/(?<![\s,;:|–—-])[\s,;:|–—-]+$/, '').length);
    if (part.text === before) break;
  }
  return part.text.length < 2 || bareHeading(part.text) === '' ? null : part;
}

const isTownOnly = (text: string) => text.split(' ').length <= 2;

/** "is looking for a Parish Clerk, because", "appoint an EYFS teacher who", "Join us as a Lecturer of Media". */
const WANTED =
  /\b(?:(?:looking|searching) (?:for|to (?:appoint|recruit|employ))|seek(?:s|ing)?(?: to (?:appoint|recruit|employ))?|recruiting(?: for)?|appoint|recruit|(?:join us|vacancy|opportunity|position|opening|role|post) (?:as|for|of)|require[sd]?|inviting applications for|invites applications for|wish(?:es)? to (?:appoint|recruit|employ))\s(?:an?\s|the\s|our next\s|our new\s|two\s|three\s|\d{1,2}\s?)?/gi;

function proseTitles(context: Context): Candidate<string>[] {
  return runningSentences(context)
    .slice(0, 60)
    .flatMap((sentence) =>
      [...sentence.text.matchAll(WANTED)].flatMap((match): Candidate<string>[] => {
        const rest = cut(sentence, match.index + match[0].length);
        const words =
          /^(?:[\w’'-]+,?\s(?:and\s)?){0,7}?((?:[A-Z][\w’'&/-]*\s(?:(?:of|and|for|in|the|to)\s(?=[A-Z]))?){0,6}[A-Z][\w’'&/-]*)(?=\*?(?:[.,;:*)]|\s(?:to|who|for|with|in|at|on|because|which|that|based|and|from|\()|$))/.exec(
            rest.text,
          );
        const phrase = words?.[1];
        if (phrase === undefined || words === null || !namesRole(phrase) || phrase.length > 70) return [];
        const at = words.index + words[0].length - phrase.length;
        const bare = bareTitle(context, cut(rest, at, at + phrase.length));
        if (bare === null) return [];
        return [
          {
            reading: squash(bare.text),
            strength: 'loose',
            zone: sentence.zone,
            evidence: [cite('title/wanted', bare)],
          },
        ];
      }),
    );
}

/** A title in capitals is spelt as the running text spells it, where it does. */
function spell(context: Context, title: string): string {
  if (title !== title.toUpperCase() || !/[A-Z]{4}/.test(title)) return title;
  const { text } = context.document;
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(title.toLowerCase()); at >= 0; at = lower.indexOf(title.toLowerCase(), at + 1)) {
    const printed = text.slice(at, at + title.length);
    if (
      /^[A-Z][a-z]/.test(printed) &&
      printed.split(' ').filter((word) => /^[A-Z]/.test(word)).length >= printed.split(' ').length / 2
    )
      return printed;
  }
  return title;
}
