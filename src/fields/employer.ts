import { cite } from '../choose.ts';
import type { Candidate } from '../model/candidate.ts';
import { z } from '../model/schema.ts';
import { escapePattern, foldPhrase, isPlaceholder, squash } from '../normalise/phrases.ts';
import { findPostcodes } from '../normalise/postcode.ts';
import { factText } from '../segment/facts.ts';
import { cut, type Passage } from '../segment/passages.ts';
import { isBoardChrome } from '../segment/vocabulary.ts';
import { type Context, type Field, type Finding, factsOf, runningSentences, sentencesWith, settle } from './field.ts';
import { namesOrganisation, namesRole, organisationWords } from './names.ts';

export interface Employer {
  name: string | null;
  website: string | null;
}

export interface EmployerValues {
  employer: Employer | null;
}

/** The organisation that the post-holder will work for: neither a job board nor an agency nor a school's council. */
export const employer: Field<EmployerValues> = {
  name: 'employer',
  schema: { employer: z.nullable(z.strictObject({ name: z.nullable(z.string()), website: z.nullable(z.string()) })) },
  read(context) {
    const name = employerName(context);
    const website = readWebsite(context, name?.reading ?? null);
    if (name === null && website === null) return { employer: null };
    const found: Finding<Employer> = {
      value: { name: name?.reading ?? null, website: website?.text ?? null },
      evidence: [...(name?.evidence ?? []), ...(website === null ? [] : [cite('employer/website', website)])],
    };
    return { employer: found };
  },
};

const chosen = new WeakMap<Context, Candidate<string> | null>();

/** The employer's name and where it stands; null where the advert gives none. */
export function employerName(context: Context): Candidate<string> | null {
  if (!chosen.has(context)) chosen.set(context, chooseName(context));
  return chosen.get(context) ?? null;
}

/** True where the employer, or the place that names it, is part of the National Health Service (HSC included). */
export function isNhsEmployer(context: Context): boolean {
  const name = employerName(context)?.reading ?? '';
  if (/\bNHS\b|\bHSC\b|health and social care trust|\bhealth board\b|integrated care board/i.test(name)) return true;
  const isNhsType = factsOf(context, 'other').some(
    (fact) => /^employer type$/i.test(fact.label.text.trim()) && /\bNHS\b/.test(factText(fact)),
  );
  const saysKsf = /\bNHS knowledge and skills framework\b|\bAll Trust staff\b/i.test(context.document.text);
  return isNhsType || (saysKsf && /\btrust\b/i.test(name));
}

function chooseName(context: Context): Candidate<string> | null {
  const labelled = factsOf(context, 'employer').flatMap((fact): Candidate<string>[] => {
    const [value] = fact.values;
    const name = bareName(value);
    if (
      name === null ||
      isPlaceholder(value.text) ||
      (PERSON.test(name.text) && !namesOrganisation(name.text)) ||
      /@|\d{5}|^(?:tel|telephone|phone|e-?mail)\b/i.test(name.text) ||
      /^(?:schools?|nhs|council|academy|charity|other|private|public sector|employer)$|^(?:school|faculty|department|institute|college) of /i.test(
        name.text,
      )
    )
      return [];
    return [
      {
        reading: squash(name.text),
        strength: 'labelled',
        zone: fact.zone,
        evidence: [cite('employer/labelled', name)],
      },
    ];
  });
  // A name that a label or the page's own data gives is surer than one that is only spoken of.
  const isTold = labelled.some(({ zone }) => zone === 'advert' || zone === 'data');
  const found = isTold ? labelled : [...labelled, ...named(context)];
  const best = settle(
    context,
    'employer',
    [...found, ...letterheads(context).filter((name) => completes(context, name))],
    isSameName,
  );
  return best === null ? null : complete(context, best);
}

/** Lines of page headers and footers: a letterhead says who writes. */
function furnitureLines(context: Context): Passage[] {
  return context.sections
    .filter(({ zone }) => zone === 'furniture')
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === 'table' ? [] : [{ text: block.text, start: block.span.start }]));
}

/** "Beckford Surgery, 4 Mill Row, …" in a footer: the name that a letterhead begins with, for want of a better one. */
function letterheads(context: Context): Candidate<string>[] {
  return furnitureLines(context)
    .flatMap((line): Passage[] => {
      let from = 0;
      // A Welsh or Gaelic name may stand before the English one.
      return [...line.text.matchAll(/,|[:.]\s|\s[|•·–—/-]\s|\s{2}|\t|\stel\b|$/gi)]
        .slice(0, 2)
        .flatMap((end): Passage[] => {
          const part = bareName(cut(line, from, end.index));
          from = end.index + end[0].length;
          const isName =
            part?.text.includes(' ') === true &&
            !/\s(?:is|are|was|were|has|have)\s/.test(part.text) &&
            namesOrganisation(part.text) &&
            !namesRole(part.text);
          return part !== null && isName && !NOT_EMPLOYER.test(part.text) ? [part] : [];
        });
    })
    .sort((a, b) => Number(isShouted(a.text)) - Number(isShouted(b.text)))
    .map((name) => ({
      reading: squash(name.text),
      strength: 'labelled',
      zone: 'furniture',
      evidence: [cite('employer/letterhead', name)],
    }));
}

/** A letterhead is no value, but completes a name: where the advert itself speaks of "the Trust" or "our Practice". */
function completes(context: Context, { reading }: Candidate<string>): boolean {
  const kind = escapePattern(reading.split(' ').at(-1) ?? '');
  const spoken = new RegExp(String.raw`\b(?:the|our|this)\s(?:[\w’'-]{1,20}\s)?${kind}\b`, 'i');
  return runningSentences(context).some(({ text }) => spoken.test(text));
}

const isShouted = (text: string) => text === text.toUpperCase();

/** "Head of School: Mr T. Goss" names who, not where. */
const PERSON = /^(?:mr|mrs|ms|miss|mx|dr|prof(?:essor)?|rev(?:erend)?|cllr|sir|dame)\b\.?\s/i;

const isSameName = (a: string, b: string) => {
  const [x, y] = [foldPhrase(a).replace(/^the /, ''), foldPhrase(b).replace(/^the /, '')];
  return x.startsWith(y) || y.startsWith(x) || x.includes(y) || y.includes(x);
};

/** A name without its article, a bracketed abbreviation, and what a page puts around it. */
function bareName(passage: Passage): Passage | null {
  let { text } = passage;
  const article = /^(?:at\s+)?the\s+|^at\s+/i.exec(text)?.[0].length ?? 0;
  text = text
    .slice(article)
    .replace(/(?<!\s)\s*\([A-Z][A-Za-z&. ]{0,14}\)\s*$/, '')
    .replace(/(?<!\s)\s+logo$/i, '')
    .replace(/(?<![\s,]),?\s+(?:head|main|central|registered) office$/i, '')
    .replace(/(?<![.,;:\s])[.,;:\s]+$/, '');
  // "Ashcombe School: 940 pupils" is no label and its value.
  return text.length < 2 || text.length > 120 || /^\d+\s[a-z]/.test(text)
    ? null
    : cut(passage, article, article + text.length);
}

/** Capitalised words, with the small words that names hold: "Thorne and Westering NHS and Social Care Partnership Trust". */
const NAME = String.raw`(?:[A-Z][\w’'.&-]*|&)(?:\s(?:(?:of|and|for|the|on|in|upon|&|at|de|under|with)\s){0,2}(?:[A-Z][\w’'.&-]*|&)){0,11}`;
const NAME_PATTERN = new RegExp(NAME, 'g');
const SEEKS = new RegExp(
  String.raw`(?:^|[.!?]\s|\b[Tt]he\s|\b[Aa]t\s|\b[Hh]ere at\s)(${NAME})(?:\s\([A-Z][^)]{1,30}\)|,\s(?:an?|the|one of)\s[^,.]{3,90}(?=,))?,?\s(?:(?:is|are|has|have)\s(?:currently\s|now\s|pleased to be\s|delighted to be\s|also\s)?(?:looking|seeking|recruiting|an exciting|a vacancy|hiring|committed|an?\s(?:leading|small|large|national|local|single|independent|thriving|charity|registered|unique|busy|friendly|primary|secondary|specialist|not-for-profit|membership|museum|school)|an equal|inviting|dedicated|proud|one of)|(?:seeks?|wish(?:es)? to|would like to|welcomes?|invites?|requires?)\s|was (?:rated|formed|founded|established|set up|opened|registered)|provides\s|employs\s|serves\s|supports\s|began\s|runs\s)`,
  'g',
);
const JOINING = new RegExp(
  String.raw`\b(?:working (?:for|at)|work (?:for|at)|join(?:ing)?|employed by|part of|on behalf of|within|our (?:team|unit|staff) at|contract with|appointed by|employee of|adopted by)\s(?:us at\s|the\s)?(${NAME})`,
  'g',
);

/** "Lanternlight is the UK charity for …": what a sentence says of its subject makes it an employer. */
const IS_A = new RegExp(
  String.raw`^(?:The\s)?(${NAME})(?:\s\([A-Z][^)]{1,30}\))?\s(?:is|are)\s(?:an?|the|one of the)\s(?:[\w’'-]{1,20}\s){0,5}(?:charity|organisation|company|enterprise|association|museum|gallery|school|academy|nursery|hospice|practice|surgery|regulator|department|agency|council|body|partnership|firm|provider|trust|university|college|employer|federation|society)\b`,
);
const NOT_NAME =
  /^(?:it|this|that|these|those|there|here|we|our|he|she|they|you|your|what|who|which|all|each|every|role|post|job|position|team|service|department|school|trust|council|home|company|organisation|charity|centre|unit|practice|board|successful.*|ideal.*|.*\b(?:candidate|applicant|post ?holder|team|department|manager|officer|role)s?)$/i;

/** What stands at the end of a name that a sentence says something of. */
const IS_SUBJECT =
  /(?<![\w’'.&-])(?:[A-Z][\w’'.&-]*|&)(?:\s\([A-Z][^)]{1,30}\)|,\s(?:an?|the|one of)\s[^,.]{3,90})?,?\s(?:is|are|has|have|seeks?|wish(?:es)?|would|welcomes?|invites?|requires?|was|provides|employs|serves|supports|began|runs)\s/g;
/** What every name of an organisation holds: one of their words, with a capital. */
const MAY_NAME = new RegExp(
  String.raw`\b(?:${organisationWords.join('|')}|NHS)\b|(?<![\w’'-])[A-Z][\w’'-]* of [A-Z]|\b[A-Z]\w+ for \w`,
  'g',
);

/** The score of a name of which a sentence says what it is: no site is spoken of so. */
const SAID = 4.5;

interface Named extends Passage {
  readonly score: number;
  readonly zone: Candidate<string>['zone'];
}

/** Names found without a label, best first: by their form, their place and how often they come. */
function named(context: Context): Candidate<string>[] {
  const found: Named[] = [];
  const lines = context.sections.flatMap((section) => [
    ...(section.heading === null ? [] : [{ block: section.heading, section }]),
    ...section.blocks.flatMap((block) => (block.kind === 'table' ? [] : [{ block, section }])),
  ]);
  const opening = lines.filter(({ section }) => section.zone === 'advert' || section.zone === 'board');
  const places = new Set(
    context.facts.filter(({ key }) => key !== 'employer').flatMap((fact) => fact.values.map(({ start }) => start)),
  );
  const sites = factsOf(context, 'location').map((fact) => foldPhrase(factText(fact)));
  // What stands over the advert and is then spoken of by that name.
  const heads = new Set(opening.slice(0, 4).map(({ block }) => foldPhrase(block.text)));
  for (const [index, { block, section }] of opening.entries()) {
    if (block.text.length > 110 || index > 25 || places.has(block.span.start)) continue;
    // A bullet may be one of a page's key facts; in a list of anything else it names somebody else.
    if (block.kind === 'list-item' && (index > 12 || section.kind !== 'other')) continue;
    const text = block.text.replace(/^go back\s+/i, '');
    const offset = block.text.length - text.length;
    const whole = { text, start: block.span.start + offset };
    if (/^(?:subject|from|to|cc|re|fwd?)\s?:/i.test(text)) continue; // an e-mail's header
    // "Fenwick Surgery, 2 Mill Gate, Oakwick PE97 4DJ": a name and its address.
    const comma = text.indexOf(',');
    if (comma > 0 && findPostcodes(text).length > 0 && namesOrganisation(text.slice(0, comma)))
      push(found, cut({ text, start: block.span.start + offset }, 0, comma), section.zone, 3);
    // "Advertised by X on behalf of Y": the one that the work is for.
    const behalf = /\bon behalf of\s(?:the\s)?/i.exec(text);
    const line = behalf === null ? whole : cut(whole, behalf.index + behalf[0].length);
    if (
      !namesOrganisation(
        line.text
          .replace(/(?<![\s,]),?\s+(?:head|main) office$/i, '')
          .replace(/(?<!\s)\s+logo$/i, '')
          .replace(/\s\([^)]{1,40}\)$/, ''),
      ) ||
      splitDashes(line).some((part) => part.text !== text && namesRole(part.text)) ||
      isBoardChrome(text) ||
      /[.:!?]$|\b(?:department of|directorate|services?\sand|about|our|your|we|the nhs)\b|^(?:job|home|menu|directorate|working)\b/i.test(
        text,
      )
    ) {
      // "Caretaker - Tarn Lane Junior School", "Ottermouth Borough Council – Housing"
      for (const part of splitDashes(line)) {
        if (
          part.text !== text &&
          namesOrganisation(part.text) &&
          /^(?:[A-Z]|the )/.test(part.text) &&
          !/^(?:nhs|school|services?|care|support)$/i.test(part.text)
        )
          push(found, part, section.zone, index < 4 ? 6 : 3);
      }
      continue;
    }
    push(found, line, section.zone, index < 6 ? 6 : 3);
  }
  for (const sentence of sentencesWith(context, IS_SUBJECT)) {
    for (const match of sentence.text.matchAll(SEEKS)) {
      const name = match[1] ?? '';
      const at = match.index + match[0].indexOf(name);
      if (
        namesOrganisation(name) ||
        /\b(?:NHS|School|University|Council|Trust|Group|College|Healthcare|Hotel|Inn|Arms)\b/.test(name)
      )
        push(found, { text: name, start: sentence.start + at }, sentence.zone, 5);
      else if (heads.has(foldPhrase(name)) && name.includes(' ') && !namesRole(name) && !NOT_NAME.test(name))
        push(found, { text: name, start: sentence.start + at }, sentence.zone, 4);
      else if (/^[A-Z]{2,6}$/.test(name) && !/^(?:NHS|CQC|HR|IT|UK|DBS|AI)$/.test(name))
        push(found, { text: name, start: sentence.start + at }, sentence.zone, 1);
    }
    const said = IS_A.exec(sentence.text);
    if (said?.[1] !== undefined && !NOT_NAME.test(said[1]))
      push(found, { text: said[1], start: sentence.start + said[0].indexOf(said[1]) }, sentence.zone, SAID);
  }
  for (const sentence of sentencesWith(context, MAY_NAME)) {
    for (const match of sentence.text.matchAll(JOINING)) {
      const name = match[1] ?? '';
      const at = match.index + match[0].length - name.length;
      if (namesOrganisation(name)) push(found, { text: name, start: sentence.start + at }, sentence.zone, 3);
    }
    // Anywhere else, for what no rule above met.
    const isCriterion = /^(?:essential|desirable|category|person-spec|registration)$/.test(sentence.section.kind);
    if (sentence.text.length < 1500) {
      for (const match of sentence.text.matchAll(NAME_PATTERN)) {
        // "HNC Childhood Practice" among the criteria is a qualification.
        if (isCriterion && /\bpractice$/i.test(match[0])) continue;
        if (match[0].split(' ').length >= 2 && namesOrganisation(match[0]) && !namesRole(match[0]))
          push(found, { text: match[0], start: sentence.start + match.index }, sentence.zone, 0);
      }
    }
  }
  const furniture = foldPhrase(
    furnitureLines(context)
      .map(({ text }) => text)
      .join(' | '),
  );
  // A site of the employer's is no employer, though it may be called a centre or a hospital.
  return rankNames(
    found.filter(
      ({ text, score }) =>
        score === SAID ||
        !(
          /\b(?:centre|hospital|house|building|campus|office|hall|site)$/i.test(text) &&
          sites.some((site) => site.startsWith(foldPhrase(text)))
        ),
    ),
    furniture,
  );
}

const NOT_EMPLOYER =
  /\b(?:care quality commission|health and care professions council|nursing and midwifery council|disclosure and barring service|nhs jobs|nhs pension|nhs england|home office|department of health|department for|european union|citizens advice|local government pension|social care council|dbs update service|royal college|teaching vacancies|society of|united kingdom|job search|trac jobs|teachers['’]? pension|universities superannuation|skills framework|human resources|recruitment (?:department|team|office)|single (?:pay|point)|higher education|early years|special educational|general medical|investors in people|information commissioner|health and safety|data protection|modern slavery|mental health act|children act|care act|employee assistance|person specification|job description|office for standards|financial services|national joint council|joint council|medical council|health and social care$|social care$|disability confident|children's services|civil service|working time|acas|town council clerks|tools? for schools|equality act|emergency department|trust board|governing (?:body|board)|primary care network|hospital services|childcare service|learning support|safeguarding board|apprenticeship service|customer services?|occupational health|support services|school office|school business|social services|job centre|jobcentre|children and young people)\b/i;

/** What an agency is called; it places people with an employer. */
const AGENCY =
  /\b(?:staffing|recruitment|resourcing|personnel|search (?:and|&) selection)(?:\s(?:ltd|limited|plc|llp|solutions|services|agency|group|consultants?|consultancy|partners(?:hip)?)){0,2}$/i;

function push(found: Named[], passage: Passage, zone: Named['zone'], score: number): void {
  const name = bareName(passage);
  if (name === null || NOT_EMPLOYER.test(name.text) || AGENCY.test(name.text) || /\d{3}/.test(name.text)) return;
  if (
    /^council['’]s\b|^(?:trust|the trust|council|school|nhs|services?|support|care|college|university|group|office|department|centre|company|hospital|foundation|board|nhs trust|community|health board|university health board|housing association|nhs foundation trust|head office|borough council|primary school|our .*|this .*|your .*)$/i.test(
      name.text,
    )
  )
    return;
  found.push({ ...name, score, zone });
}

function rankNames(found: readonly Named[], furniture: string): Candidate<string>[] {
  const groups = new Map<string, { first: Named; total: number }>();
  for (const name of found) {
    const key = foldPhrase(name.text);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, {
        first: name,
        total: name.score + (name.score === SAID ? Math.max(0, bonus(name.text)) : bonus(name.text)),
      });
    else
      groups.set(key, {
        first: group.first.score >= name.score ? group.first : name,
        total: group.total + Math.min(2, 1 + name.score / 3),
      });
  }
  for (const group of groups.values()) if (furniture.includes(foldPhrase(group.first.text))) group.total += 2; // a letterhead bears it out
  const ranked = [...groups.values()]
    .filter(({ total, first }) => total >= (IS_PUBLIC.test(first.text) ? 0.5 : 2))
    .sort((a, b) => b.total - a.total || a.first.start - b.first.start);
  return ranked.slice(0, 1).map(({ first }) => ({
    reading: squash(first.text),
    strength: 'loose',
    zone: first.zone,
    evidence: [cite('employer/named', first)],
  }));
}

/** Names that say by their form that they are an employer's. */
const IS_PUBLIC = /\b(?:NHS|university|school|academy|council|hospice|college|ltd|limited|preschool)\b/i;

/** A school beats the council that it stands in; a name of one word is weak. */
function bonus(name: string): number {
  if (
    /^(?:school|faculty|department|institute|division|centre) of\b|\b(?:services?|department|team|unit|office|centre)$/i.test(
      name,
    )
  )
    return -3;
  if (/\b(?:NHS|university|school|academy|hospice|college|preschool|practice)\b/i.test(name)) return 2;
  if (/\bcouncil\b/i.test(name)) return 0.5;
  return name.includes(' ') ? 1 : -1;
}

/** The longest form of the name that the document gives: a letterhead may complete it. */
function complete(context: Context, name: Candidate<string>): Candidate<string> {
  const { text } = context.document;
  const letterhead = letterheads(context).find(
    ({ reading }) =>
      // "Thamesbourne" and "London Borough of Thamesbourne", "Larkfield" and "Larkfield Academy Trust"
      (foldPhrase(reading).startsWith(`${foldPhrase(name.reading)} `) ||
        foldPhrase(reading).endsWith(` of ${foldPhrase(name.reading)}`)) &&
      (!isShouted(reading) || isShouted(name.reading)),
  );
  if (letterhead !== undefined)
    return { ...name, reading: letterhead.reading, evidence: [...name.evidence, ...letterhead.evidence] };
  const longer = new RegExp(String.raw`${escapePattern(name.reading)}\s(?:Ltd|Limited|PLC|plc|CIC|LLP)\b`).exec(text);
  if (longer === null) return name;
  return {
    ...name,
    reading: squash(longer[0]),
    evidence: [...name.evidence, cite('employer/completed', { text: longer[0], start: longer.index })],
  };
}

function splitDashes(line: Passage): Passage[] {
  const parts: Passage[] = [];
  let from = 0;
  for (const dash of [...line.text.matchAll(/\s[-–—|]\s/g), null]) {
    parts.push(cut(line, from, dash?.index));
    from = dash === null ? line.text.length : dash.index + dash[0].length;
  }
  return parts;
}

const URL = /\b(?:https?:\/\/|www\.)[^\s<>()"']{4,150}[^\s<>()"'.,;:]/i;

function readWebsite(context: Context, name: string | null): Passage | null {
  for (const fact of factsOf(context, 'website')) {
    const match = URL.exec(fact.values[0].text);
    if (match !== null && fact.zone === 'advert') return { text: match[0], start: fact.values[0].start + match.index };
  }
  // Elsewhere only an address that bears the employer's name: adverts link to many sites.
  for (const sentence of sentencesWith(context, /https?:|www\./gi)) {
    if (sentence.zone !== 'advert') continue;
    for (const match of sentence.text.matchAll(new RegExp(URL.source, 'gi'))) {
      if (name !== null && isOwnSite(match[0], name)) return { text: match[0], start: sentence.start + match.index };
    }
  }
  return null;
}

/** True where a site's name is made of the employer's: "Larkfield House" and larkfieldhouse.org.uk. */
function isOwnSite(url: string, name: string): boolean {
  const host =
    url
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/^www\./, '')
      .split(/[/?#]/, 1)[0] ?? '';
  const site = host.replace(/[^a-z.]/g, '');
  const words = foldPhrase(name)
    .split(/[\s'/]+/)
    .filter(
      (word) =>
        word.length > 2 &&
        !/^(?:the|and|for|nhs|trust|ltd|limited|council|university|school|foundation|borough|county|city)$/.test(word),
    );
  const long = words.filter((word) => word.length > 3);
  return long.length > 0 && site.includes(long[0] ?? '\0') && !/^(?:jobs|careers|nhsjobs|apply)\./.test(host);
}
