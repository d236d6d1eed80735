import { cite } from '../choose.ts';
import type { Candidate, Evidence } from '../model/candidate.ts';
import { z } from '../model/schema.ts';
import { foldPhrase, isPlaceholder, squash } from '../normalise/phrases.ts';
import { findPostcodes } from '../normalise/postcode.ts';
import { type Fact, factText } from '../segment/facts.ts';
import { cut, type Passage } from '../segment/passages.ts';
import { employerName } from './employer.ts';
import { type Context, type Field, type Finding, factsOf, sentencesWith, settle } from './field.ts';
import { isCounty, mentionsOrganisation, namesRole } from './names.ts';

const WORKPLACES = ['on-site', 'hybrid', 'remote'] as const;

type Workplace = (typeof WORKPLACES)[number];

export interface Location {
  text: string | null;
  town: string | null;
  postcode: string | null;
  workplace: Workplace | null;
}

export interface LocationValues {
  location: Location | null;
}

/** The place of work. A head office, an address to apply to and an outward code alone are none. */
export const location: Field<LocationValues> = {
  name: 'location',
  schema: {
    location: z.nullable(
      z.strictObject({
        text: z.nullable(z.string()),
        town: z.nullable(z.string()),
        postcode: z.nullable(z.string().check(z.regex(/^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$|^GIR 0AA$/))),
        workplace: z.nullable(z.enum(WORKPLACES)),
      }),
    ),
  },
  read(context) {
    const place = choosePlace(context);
    const town = readTown(context, place);
    const postcode = readPostcode(context, place);
    const workplace = readWorkplace(context);
    if (place === null && town === null && postcode === null && workplace === null) return { location: null };
    const evidence: Evidence[] = [
      ...(place?.evidence ?? []),
      ...[town?.evidence, postcode?.evidence, workplace?.evidence].flatMap((each) =>
        each === undefined || covered(place, each) ? [] : [each],
      ),
    ];
    const value: Location = {
      text: place?.reading.text ?? null,
      town: town?.value ?? null,
      postcode: postcode?.value ?? null,
      workplace: workplace?.value ?? null,
    };
    return { location: { value, evidence } satisfies Finding<Location> };
  },
};

const covered = (place: Candidate<Place> | null, evidence: Evidence) =>
  place?.evidence.some(({ span }) => span.start <= evidence.span.start && evidence.span.end <= span.end) ?? false;

interface Place {
  readonly text: string;
  readonly parts: readonly Passage[];
}

/** Words that are no place but a way of working, on a line or in a field about location. */
const WAYS: readonly (readonly [Workplace, RegExp])[] = [
  [
    'hybrid',
    /\bhybrid\b|\boffice\b[^.]{0,30}\bdays? (?:a|per) week\b[^.]{0,40}\b(?:at|from) home\b|\b(?:from home|remotely)\b[^.]{0,60}\b(?:in|at|from) (?:the|our) office\b|\b(?:in|at|from) (?:the|our) office\b[^.]{0,60}\b(?:from home|remotely)\b|\b(?:home|office) and (?:home|office)[\s-]based\b|\bblended working\b|\bmix of (?:home|remote) and office\b/i,
  ],
  [
    'remote',
    /\b(?:fully |100% )?remote(?:ly)?\b|\bhome[\s-]?based\b|\bwork(?:ing)? from home\b|\bhomebased\b|\btelecommut|\bhome[\s-]?working\b/i,
  ],
  ['on-site', /\bon[\s-]site\b|\boffice[\s-]based\b|\bonsite\b|^in[\s-]person\b/i],
];

function placeOf(fact: Fact): Place | null {
  const text = factText(fact);
  if (isPlaceholder(text) || text.length > 260) return null;
  return { text, parts: fact.values };
}

function choosePlace(context: Context): Candidate<Place> | null {
  const labelled = factsOf(context, 'location').flatMap((fact): Candidate<Place>[] => {
    const place = placeOf(fact);
    if (
      place === null ||
      fact.section === 'contact' ||
      (/^(?:hybrid|remote|in[\s-]person|on[\s-]site|home(?:[\s-](?:based|working))?|various|office|community)\b(?![^,]*\b(?:road|street|house))/i.test(
        place.text,
      ) &&
        findPostcodes(place.text).length === 0 &&
        !/,\s(?![a-z])|\band\b/.test(place.text))
    )
      return [];
    const [first, ...rest] = fact.values;
    return [
      {
        reading: place,
        strength: 'labelled',
        zone: fact.zone,
        evidence: [cite('location/labelled', first), ...rest.map((part) => cite('location/labelled', part))],
      },
    ];
  });
  const townOnly = factsOf(context, 'town').flatMap((fact): Candidate<Place>[] => {
    const place = placeOf(fact);
    return place === null || labelled.length > 0
      ? []
      : [{ reading: place, strength: 'labelled', zone: fact.zone, evidence: [cite('location/town', fact.values[0])] }];
  });
  const found = [...labelled, ...townOnly];
  const spoken = found.length > 0 ? [] : stated(context);
  const loose = spoken.length > 0 ? spoken : atTop(context);
  const chosen = settle(context, 'location', found.length > 0 ? found : loose, isSamePlace);
  const other = found.find(
    (candidate) => chosen !== null && candidate.zone === chosen.zone && !isSamePlace(candidate.reading, chosen.reading),
  );
  if (other !== undefined) warnMultiple(context, other.evidence[0].span);
  else if (
    chosen !== null &&
    /,/.test(chosen.reading.text) &&
    chosen.reading.text.split(',').every((part) => loneTown({ text: part.trim(), start: 0 }) !== null)
  )
    warnMultiple(context, chosen.evidence[0].span);
  return chosen;
}

/** How many of an advert's first lines may give its place. */
const TOP_LINES = 6;
/** An e-mail that passes an advert on may say more above it. */
const PREFACE_LINES = 24;
/** What an employer whose one site is the place of work is called. */
const ONE_SITE =
  /\b(?:school|academy|nursery|pre-?school|playgroup|surgery|medical (?:practice|centre)|church|cathedral|care home|nursing home|hospice|museum)\b/i;

/** "Skelby, North Yorkshire" below the title, or a school's address below its name, where nothing says more of the place. */
function atTop(context: Context): Candidate<Place>[] {
  const lines = context.sections
    .filter(({ zone }) => zone === 'advert')
    .slice(0, TOP_LINES)
    .flatMap(({ heading, blocks }) => [...(heading === null ? [] : [heading]), ...blocks.slice(0, PREFACE_LINES)])
    .slice(0, PREFACE_LINES);
  const facts = new Set(
    context.facts.flatMap(({ label, values }) => [label.start, ...values.map(({ start }) => start)]),
  );
  return lines.flatMap((line, index): Candidate<Place>[] => {
    if (line.kind !== 'paragraph' || line.text.length > 90 || /[.!?:]$/.test(line.text) || facts.has(line.span.start))
      return [];
    const parts = line.text.split(',').map((part) => part.trim());
    const [code] = findPostcodes(line.text);
    const above = lines[index - 1];
    const isAddress =
      code !== undefined &&
      above !== undefined &&
      above.kind !== 'table' &&
      (ONE_SITE.test(above.text) || ONE_SITE.test(parts[0] ?? '')) &&
      parts.length > 1;
    const isTown =
      index < TOP_LINES &&
      code === undefined &&
      parts.length === 2 &&
      isCounty(parts[1] ?? '') &&
      !mentionsOrganisation(line.text);
    if (!(isAddress || isTown) || ELSEWHERE.test(line.text)) return [];
    const passage = { text: line.text, start: line.span.start };
    return [
      {
        reading: { text: squash(line.text), parts: [passage] },
        strength: 'loose',
        zone: 'advert',
        evidence: [cite('location/at-top', passage)],
      },
    ];
  });
}

/** Two statements of one place: one holds the other, or both have the same postcode. */
function isSamePlace(a: Place, b: Place): boolean {
  const [x, y] = [foldPhrase(a.text), foldPhrase(b.text)];
  if (x.includes(y) || y.includes(x)) return true;
  const [first] = findPostcodes(a.text);
  const [second] = findPostcodes(b.text);
  if (first !== undefined && second !== undefined) return first.postcode === second.postcode;
  const words = new Set(x.split(' ').filter((word) => word.length > 3));
  return y.split(' ').some((word) => words.has(word));
}

function warnMultiple(context: Context, span: { start: number; end: number }): void {
  context.warn({
    code: 'location/multiple',
    args: { quote: context.document.text.slice(span.start, span.end) },
    field: '/location',
    span,
  });
}

/** What no postcode does without, and no word for hybrid, remote and on-site work. */
const A_POSTCODE = /\d[A-Z]?\s{0,3}\d[A-Z]{2}|GIR/gi;
const A_WAY = /hybrid|home|office|blended|mix of|remote|telecommut|on[\s-]?site|in[\s-]person/gi;

const BASED =
  /\b(?:(?:you|post|role|job|position|service|team|clerk|postholder|post-holder|successful candidate|vacancy|work|would|will)\b[^.]{0,60}?\b(?:be\s)?(?:based|located|situated)\s(?:in|at|from|on)\s(?:our\s|the\s)?|\bbase for (?:the|this) [^.]{0,30}?\bis\s|\bplace of work (?:is|will be)\s(?:at\s|in\s)?|\bposition is at\s|\bpost is at\s|\bwork(?:s|ing)? (?:is )?at\s(?=[A-Z]))/i;
const PLACE_WORDS =
  /^(?:\d{1,4}[a-z]?(?:-\d{1,4})?\s(?=[A-Z]))?(?:[a-z]{3,12}\s(?:office|room|school|centre|hall|hospital|house)\s(?:[a-z]{2,8}\s){0,3})?(?:the\s)?[A-Z][\w’'.&-]*(?:(?:,\s|\s)(?:(?:of|and|upon|on|in|the|under|le|by|behind)\s){0,2}(?:[A-Z\d][\w’'.&-]*)){0,14}/;

/** "Service is based at Quarry House, Oakwick": the address phrase in running text. */
function stated(context: Context): Candidate<Place>[] {
  return sentencesWith(
    context,
    /based|located|situated|base for|place of work|position is at|post is at|work(?:s|ing)? (?:is )?at\s/gi,
  ).flatMap((sentence): Candidate<Place>[] => {
    if (/^(?:about-us|benefits)$/.test(sentence.section.kind) && !/\b(?:post|role|you)\b/i.test(sentence.text))
      return [];
    const match = BASED.exec(sentence.text);
    if (match === null) return [];
    const rest = cut(sentence, match.index + match[0].length);
    const phrase = PLACE_WORDS.exec(rest.text);
    if (phrase === null || phrase[0].length < 4) return [];
    const passage = cut(rest, 0, phrase[0].replace(/(?<![.,])[.,]+$/, '').length);
    return [
      {
        reading: { text: squash(passage.text), parts: [passage] },
        strength: 'loose',
        zone: sentence.zone,
        evidence: [cite('location/stated', passage)],
      },
    ];
  });
}

interface Part<Value> {
  readonly value: Value;
  readonly evidence: Evidence;
}

function readTown(context: Context, place: Candidate<Place> | null): Part<string> | null {
  for (const fact of factsOf(context, 'town')) {
    const [value] = fact.values;
    const [code] = findPostcodes(value.text);
    const name =
      code === undefined
        ? value
        : cut(value, 0, value.text.slice(0, code.start).replace(/(?<![\s,])[\s,]+$/, '').length);
    if (!isPlaceholder(name.text) && name.text !== '')
      return { value: squash(name.text).replace(/(?<!\s)\s+,/g, ','), evidence: cite('location/town', name) };
  }
  if (place !== null) {
    const town = townOfAddress(place.reading.parts);
    if (town !== null) return { value: town.text, evidence: cite('location/town-of-address', town) };
  }
  return boardTown(context);
}

const SITE_END =
  /\b(?:road|street|lane|avenue|drive|close|way|house|hospital|school|centre|office|building|floor|unit|park|place|row|court|square|hall|site|campus|crescent|terrace|hill road|surgery|clinic|depot|trust|ward)$/i;

/** The last part of an address before the postcode that names a place; counties are none. */
function townOfAddress(parts: readonly Passage[]): Passage | null {
  const pieces = parts.flatMap((part) => {
    const found: Passage[] = [];
    let from = 0;
    for (const comma of [...part.text.matchAll(/,|\s[-–]\s/g), null]) {
      found.push(cut(part, from, comma?.index));
      from = comma === null ? part.text.length : comma.index + comma[0].length;
    }
    return found.filter(({ text }) => text !== '');
  });
  // "Bristol, London, Leeds": places, not the parts of one.
  if (pieces.length > 1 && pieces.every((piece) => loneTown(piece) !== null)) return pieces[0] ?? null;
  const coded = pieces.findIndex(({ text }) => findPostcodes(text).length > 0 || /^[A-Z]{1,2}\d[A-Z\d]?$/.test(text));
  if (coded < 0 && pieces.length < 3) {
    const isAlone = pieces.length === 1 || isCounty(pieces[1]?.text ?? ''); // "Oakwick", "Oakwick, Surrey"
    return isAlone ? loneTown(pieces[0]) : null;
  }
  const upTo = coded < 0 ? pieces.length : coded + 1;
  for (let at = upTo - 1; at >= 0; at--) {
    const piece = pieces[at];
    if (piece === undefined) continue;
    const [postcode] = findPostcodes(piece.text);
    const bare = postcode === undefined ? piece : cut(piece, 0, postcode.start);
    const named = cut(bare, 0, withoutCounty(bare.text).length);
    if (named.text === '' || isCounty(named.text) || /^[A-Z]{1,2}\d[A-Z\d]?$/.test(named.text)) continue;
    const isAddress =
      /\d/.test(named.text) ||
      SITE_END.test(named.text) ||
      (at === 0 && mentionsOrganisation(named.text) && pieces.length > 1);
    return isAddress ? null : named;
  }
  return null;
}

/** "Location: Oakwick": one capitalised name of one or two words, which no word makes a site, a region or an employer. */
function loneTown(name: Passage | undefined): Passage | null {
  if (name === undefined || !/^[A-Z][a-z’']+(?:[\s-](?:[A-Z][a-z’']+|[uo]n|upon|in|the|le)){0,3}$/.test(name.text))
    return null;
  const isElse =
    isCounty(name.text) ||
    mentionsOrganisation(name.text) ||
    namesRole(name.text) ||
    SITE_END.test(name.text) ||
    /\b(?:area|county|region|north|south|east|west|central|uk|united|nationwide|national|various|based|remote|hybrid|home|office|library|community|gardens?|department|directorate|team|reception|kitchen|borough|district|locations?|sites?|across|within|our|flexible|gate|lodge|farm|barn|works|chambers|mill|manor|abbey|castle|grange|view|city)\b/i.test(
      name.text,
    );
  return isElse ? null : name;
}

/** "Oakwick Heath, Surrey" and "Saltby Norfolk" without the county. */
function withoutCounty(text: string): string {
  const words = text.split(' ');
  for (const count of [2, 1]) {
    if (words.length > count && isCounty(words.slice(-count).join(' ')))
      return words.slice(0, -count).join(' ').replace(/,$/, '');
  }
  return text;
}

/** A board's header gives the town on a line of its own, right before the way of working. */
function boardTown(context: Context): Part<string> | null {
  const lines = context.sections
    .filter(({ zone }) => zone === 'board')
    .flatMap((section) => [
      ...(section.heading === null ? [] : [section.heading]),
      ...section.blocks.filter((block) => block.kind === 'paragraph'),
    ]);
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (next === undefined || line.kind === 'table' || next.kind === 'table') continue;
    if (
      /^(?:on[\s-]site|hybrid|remote)$/i.test(next.text) &&
      /^[A-Z][A-Za-z' .-]{1,40}$/.test(line.text) &&
      !mentionsOrganisation(line.text)
    ) {
      return { value: line.text, evidence: cite('location/board-town', { text: line.text, start: line.span.start }) };
    }
  }
  return null;
}

const hasPostcode = (place: Candidate<Place>) => findPostcodes(place.reading.text).length > 0;

const ELSEWHERE =
  /\b(?:head office|headquarters|registered office|return(?:ed)?|post(?:ed)? to|by post|send|sent to|write to|apply to|application forms?|town hall|civic|correspondence|recruitment|human resources|hr department|tel\b|telephone|fax|company (?:number|reg)|charity (?:number|reg)|registered)\b/i;

function readPostcode(context: Context, place: Candidate<Place> | null): Part<string> | null {
  for (const fact of factsOf(context, 'postcode', 'town')) {
    const [found] = findPostcodes(fact.values[0].text);
    if (found !== undefined && (fact.key === 'postcode' || place?.strength !== 'labelled' || !hasPostcode(place)))
      return { value: found.postcode, evidence: cite('location/postcode', fact.values[0]) };
  }
  for (const part of place?.reading.parts ?? []) {
    const codes = findPostcodes(part.text);
    const [first] = codes;
    if (first === undefined) continue;
    if (codes.some(({ postcode }) => postcode !== first.postcode))
      warnMultiple(context, { start: part.start, end: part.start + part.text.length });
    return {
      value: first.postcode,
      evidence: cite('location/postcode', {
        text: part.text.slice(first.start, first.end),
        start: part.start + first.start,
      }),
    };
  }
  for (const fact of factsOf(context, 'address')) {
    const [found] = findPostcodes(factText(fact));
    const last = fact.values.at(-1);
    const holder = fact.values.find(({ text }) => findPostcodes(text).length > 0) ?? last;
    if (
      found === undefined ||
      holder === undefined ||
      fact.zone !== 'advert' ||
      ELSEWHERE.test(factText(fact)) ||
      (place?.strength === 'labelled' && !isRightBelow(context, fact))
    )
      continue;
    return { value: found.postcode, evidence: cite('location/postcode-of-address', holder) };
  }
  // Elsewhere only in words that say that the work is done there.
  for (const sentence of sentencesWith(context, A_POSTCODE)) {
    const [first] = findPostcodes(sentence.text);
    if (
      first === undefined ||
      ELSEWHERE.test(sentence.text) ||
      !/\b(?:based|located|situated|work(?:ing|place)?|site|you (?:will|would)|location|(?:it|we|hotel|home|school|office|shop|site) (?:is|are) at)\b/i.test(
        sentence.text,
      )
    )
      continue;
    return {
      value: first.postcode,
      evidence: cite('location/postcode-stated', {
        text: sentence.text.slice(first.start, first.end),
        start: sentence.start + first.start,
      }),
    };
  }
  return sitePostcode(context, place) ?? ownPostcode(context);
}

/** "Site: Amesbury Ambulance Station" and right below it "Address: …": the address of the site. */
function isRightBelow({ facts }: Context, fact: Fact): boolean {
  return facts[facts.indexOf(fact) - 1]?.key === 'location';
}

/** The postcode in a paragraph that repeats the stated place of work. */
function sitePostcode(context: Context, place: Candidate<Place> | null): Part<string> | null {
  if (place === null) return null;
  const site = foldPhrase(place.reading.text.split(',')[0] ?? '');
  if (site.length < 8) return null;
  for (const sentence of sentencesWith(context, A_POSTCODE)) {
    const [first] = findPostcodes(sentence.text);
    if (first === undefined || ELSEWHERE.test(sentence.text) || !foldPhrase(sentence.text).includes(site)) continue;
    return {
      value: first.postcode,
      evidence: cite('location/postcode-of-site', {
        text: sentence.text.slice(first.start, first.end),
        start: sentence.start + first.start,
      }),
    };
  }
  return null;
}

/** "School: Oakmere Primary Academy, Larch Avenue, NN14 8DW", or its name and address in brackets: a school is one place. */
function ownPostcode(context: Context): Part<string> | null {
  for (const { values } of factsOf(context, 'employer')) {
    const [found] = findPostcodes(values[0].text);
    if (found !== undefined && ONE_SITE.test(values[0].text) && !ELSEWHERE.test(values[0].text))
      return { value: found.postcode, evidence: cite('location/postcode-of-employer', values[0]) };
  }
  const name = employerName(context)?.reading ?? '';
  if (!ONE_SITE.test(name)) return null;
  for (const sentence of sentencesWith(context, A_POSTCODE)) {
    const [found] = findPostcodes(sentence.text);
    const before = sentence.text.slice(Math.max(0, (found?.start ?? 0) - OWN_ADDRESS), found?.start);
    if (found === undefined || ELSEWHERE.test(sentence.text) || !before.includes(`${name},`)) continue;
    const at = { text: sentence.text.slice(found.start, found.end), start: sentence.start + found.start };
    return { value: found.postcode, evidence: cite('location/postcode-of-employer', at) };
  }
  return null;
}

/** The name and the address before a postcode, characters. */
const OWN_ADDRESS = 120;

const ABOUT_POST =
  /\b(?:this (?:is a|role|post|position|job)|the (?:role|post|position|job) (?:is|can|will)|(?:post|role|job|position|contract) is|you (?:will|can|would)[^.]{0,40}work|we (?:work|operate)|hybrid (?:working|role|post)|national homebased)\b/i;

/** "On site" in running text is mostly parking and canteens: only the post itself counts. */
const ON_SITE =
  /\b(?:this|the) (?:role|post|position|job) is (?:fully |wholly |entirely |100% )?(?:based )?(?:on[\s-]?site|office[\s-]based)\b/i;

/** A board's key facts stand within so many characters of a page's start. */
const TOP = 1_000;

function readWorkplace(context: Context): Part<Workplace> | null {
  const fields = [
    ...factsOf(context, 'workplace', 'location', 'workingPattern').flatMap((fact) =>
      fact.values.map((value) => ({ value, key: fact.key })),
    ),
  ];
  for (const { value, key } of fields) {
    for (const [way, pattern] of WAYS) {
      const match = pattern.exec(value.text);
      if (match === null || (key === 'workingPattern' && way === 'remote')) continue;
      return { value: way, evidence: cite('location/workplace', { text: match[0], start: value.start + match.index }) };
    }
  }
  for (const sentence of sentencesWith(context, A_WAY)) {
    const isTop = sentence.zone === 'board' || sentence.start < TOP;
    const isBoardLine = isTop && /^(?:on[\s-]site|hybrid|remote)$/i.test(sentence.text);
    const says =
      isBoardLine || (ABOUT_POST.test(sentence.text) && !/^(?:benefits|about-us)$/.test(sentence.section.kind));
    if (
      !says ||
      /\b(?:interviews?|not (?:a )?(?:hybrid|remote)|benefit|clinic|nursery|parking|gym|canteen|restaurant|remote (?:monitoring|consultation|community|areas?))\b/i.test(
        sentence.text,
      )
    )
      continue;
    for (const [way, pattern] of WAYS) {
      const match = pattern.exec(sentence.text);
      const after = match === null ? '' : sentence.text.slice(match.index + match[0].length);
      if (/^[^.,;]{0,20}\b(?:is|are) (?:not|un)/i.test(after)) continue; // "home working is not available"
      if (match === null || (way === 'on-site' && !isBoardLine && !ON_SITE.test(sentence.text))) continue;
      return {
        value: way,
        evidence: cite('location/workplace-stated', { text: match[0], start: sentence.start + match.index }),
      };
    }
  }
  return null;
}
