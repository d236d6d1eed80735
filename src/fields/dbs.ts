import { cite } from '../choose.ts';
import type { Evidence } from '../model/candidate.ts';
import { z } from '../model/schema.ts';
import { squash } from '../normalise/phrases.ts';
import { factText } from '../segment/facts.ts';
import type { Passage } from '../segment/passages.ts';
import { type Context, type Field, type Finding, factsOf, runningSentences, sentencesWith } from './field.ts';

const LEVELS = ['basic', 'standard', 'enhanced', 'standard-or-enhanced', 'pvg', 'level-1', 'level-2'] as const;
const LISTS = ['adults', 'children', 'unspecified'] as const;

type Level = (typeof LEVELS)[number];
type BarredList = (typeof LISTS)[number];
type Status = 'required' | 'conditional' | 'not-required';
type Regime = 'dbs' | 'disclosure-scotland' | 'accessni';
type Payer = 'employer' | 'candidate' | 'refunded' | 'conditional';

export interface Dbs {
  status: Status;
  regime: Regime | null;
  level: Level | null;
  barredLists: BarredList[];
  regulatedActivity: true | null;
  updateService: true | null;
  paidBy: Payer | null;
  text: string;
}

export interface DbsValues {
  dbs: Dbs | null;
}

/**
 * What the advert says of a criminal-record check. The level comes only from words that name it, never from the job
 * title or the sector. Levels and regimes: gov.uk DBS guidance, Disclosure Scotland (levels of April 2025), nidirect.
 */
export const dbs: Field<DbsValues> = {
  name: 'dbs',
  schema: {
    dbs: z.nullable(
      z.strictObject({
        status: z.enum(['required', 'conditional', 'not-required']),
        regime: z.nullable(z.enum(['dbs', 'disclosure-scotland', 'accessni'])),
        level: z.nullable(z.enum(LEVELS)),
        barredLists: z.array(z.enum(LISTS)),
        regulatedActivity: z.nullable(z.literal(true)),
        updateService: z.nullable(z.literal(true)),
        paidBy: z.nullable(z.enum(['employer', 'candidate', 'refunded', 'conditional'])),
        text: z.string(),
      }),
    ),
  },
  read: (context) => ({ dbs: readDbs(context) }),
};

/** One statement about a check, read on its own. */
interface Statement {
  readonly passage: Passage;
  readonly isLabelled: boolean;
  /** The label of its field, which may name the agency that the value leaves out. */
  readonly label?: Passage;
  readonly status: Status;
  readonly level: Level | null;
  readonly isOffendersAct: boolean;
  readonly lists: readonly BarredList[];
}

/** Words that speak of a criminal-record check. "ISA" and "POCA" only in capitals: "this isa great time". */
const CHECK =
  /\bDBS\b|disclosures? (?:and|&) barring|\bCRB\b|criminal records? (?:bureau|check|disclosure|background|certificate|review)|criminal background check|\bPVG\b|protecting vulnerable groups|disclosure scotland|access ?NI\b|rehabilitation of (?:the )?offenders|(?:enhanced|standard|basic|crb|level [12]|police|satisfactory|records?)\s?disclosures?\b|disclosures? (?:check|application|certificate|from the|at (?:an?|the)|via|\(?enhanced|to be made to)|barred list|list 99|independent safeguarding authority|\bpolice check|level of check required/i;
const CHECK_CAPITALS = /\bISA\s(?:check|registration|registered|scheme)|\bPOVA\b|\bPOCA\b/;

const mentionsCheck = (text: string) => CHECK.test(text) || CHECK_CAPITALS.test(text);

/** Paragraphs and sentences with such words that state no check of this post-holder. */
const DECOY =
  /\b(?:entry clearance|tier 2|overseas applicants|criminal record certificate|criminal records? checks for overseas|deep brain|when (?:somebody|someone|anyone|a person|people) (?:asks?|appl(?:y|ies)) for [^.,]{0,30}(?:dbs|disclosure|access ?ni)|(?:check|see|make sure) that (?:each|every|any) (?!(?:new )?(?:staff|employee|volunteer|member of staff|applicant|candidate)s?\b)[^.;]{0,40}\b(?:has|have|had)\b[^.;]{0,30}(?:dbs|disclosure|access ?ni)|see that (?:each|all) of them has [^.;]{0,20}(?:dbs|disclosure)|(?:paid|funded)(?: for)? (?:entirely )?by the (?:dbs|disclosure and barring)|meet the (?:dbs|disclosure) (?:turnaround|targets?|deadlines?)|(?:sending|send) off [^.]{0,30}(?:dbs|disclosure)|public interest disclosure|unauthori[sz]ed disclosure|dbs bank|privacy notice|process(?:ing)? (?:of )?(?:[a-z]+['’]? )?(?:dbs|disclosure)|(?:administer|coordinat|co-ordinat|undertak|carry(?:ing)? out|complet|arrang|manag|check|chas|maintain|monitor)\w{0,3}\s(?:all |the |new |staff |volunteers?['’]? )*(?:dbs|crb|disclosure|pre-employment) (?:applications|checks|renewals|records|process))/i;
const OFFENCE =
  /\boffence (?:for [^.]{0,40})?to (?:apply|seek|work|accept|offer)|\bbarred from (?:doing so|engaging|working)|\bif (?:you|they) are barred/i;
const OFFENDERS_ACT = /rehabilitation of (?:the )?(?:rehabilitation of )?offenders/i;

const NOT_REQUIRED =
  /\b(?:not (?:be )?subject to (?:an? |any )?(?:[a-z]+ ){0,2}(?:dbs|crb|disclosure|criminal)|no (?:dbs|crb|disclosure|criminal records?)(?: (?:and barring service|check|disclosure))?[^.]{0,20}(?:is|are)? ?(?:required|needed|necessary)|(?:dbs|crb|disclosure|check|it|one)\)?[^.]{0,20}\b(?:is|are|will)(?: not|n['’]t) (?:be )?(?:required|needed|necessary|requested)|(?:does|do|will)(?: not|n['’]t) (?:require|need)[^.]{0,30}(?:dbs|crb|disclosure|criminal record))/i;
const CONDITIONAL =
  /\b(?:may (?:also )?(?:be (?:required|needed|subject|asked|requested|necessary)|require|need)|might (?:be|need)|if (?:(?:the|this|your|a) [^.]{0,30}(?:subject to|requires?|involves?)|applicable|appropriate|required|necessary|relevant|needed)|where (?:appropriate|applicable|required|necessary|relevant|the (?:post|role))|some (?:of our (?:roles|posts|jobs|vacancies)|roles|posts)|(?:staff|colleagues|employees|those) who (?:visit|drive|supervise)\b[^.]{0,60}(?:hold|have|need|require|undergo)|depending (?:on|upon)|certain (?:roles|posts)|as appropriate|only if|should the (?:post|role)|for (?:roles|posts) (?:that|which)|(?:staff|employees|posts|roles|those|anyone|starters|volunteers) (?:requiring|(?:who|which|that) (?:require|need)))\b/i;
/** Conditions on something else than whether the check is made. */
const NOT_A_CONDITION =
  /\bif (?:you are )?(?:successful|appointed|not already|this hasn|you (?:do not|don['’]t|are not|already))|unless already|\bmay (?:be )?(?:result|lead|not|withdraw|start)/i;

function readStatement(passage: Passage, isLabelled: boolean): Statement | null {
  const { text } = passage;
  const lower = isLabelled ? `dbs ${text}` : text;
  if (!isLabelled && (!mentionsCheck(text) || DECOY.test(text))) return null;
  if (!isLabelled && OFFENCE.test(text) && !/\b(?:enhanced|standard|basic|check)\b/i.test(text.replace(OFFENCE, '')))
    return null;
  // The end of a title: "Clinical Nurse Specialist – DBS".
  if (!isLabelled && /^[^.]{0,70}\s[-–]\s?DBS$/.test(text) && !/check|disclosure|barring|require|enhanced/i.test(text))
    return null;
  const isOffendersAct = OFFENDERS_ACT.test(text);
  return {
    passage,
    isLabelled,
    status: readStatus(text, isLabelled),
    level: readLevel(lower, isLabelled),
    isOffendersAct,
    lists: readLists(text, isLabelled),
  };
}

function readStatus(text: string, isLabelled: boolean): Status {
  if (isLabelled && /^(?:no\b|none\b|n\/?a\b|not (?:required|applicable))/i.test(text.trim())) return 'not-required';
  if (NOT_REQUIRED.test(text) && !/\bnot (?:be )?required to (?:pay|meet)/i.test(text)) return 'not-required';
  const isConditional =
    CONDITIONAL.test(text.replace(NOT_A_CONDITION, '')) ||
    /^if (?!(?:you (?:are|do not|don['’]t|have|already|hold)|you're|successful|appointed|offered)\b)/i.test(text);
  return isConditional && !/\bunless already\b/i.test(text) ? 'conditional' : 'required';
}

const AGENCY = String.raw`(?:dbs|crb|disclosure|disclosure (?:and|&) barring(?: service)?|criminal records?|check|vetting|access ?ni|certificate)`;
const named = (word: string) =>
  new RegExp(
    String.raw`${word}(?:\s(?:level|or enhanced|and enhanced|\(?with[^.]{0,30}\)?))?[\s,('"‘“/-]{0,4}(?:level\s)?(?:of\s)?(?:satisfactory\s)?${AGENCY}|${AGENCY}[^.;]{0,60}?(?:[-–:(]\s?|at (?:an? |the )?|level (?:of )?|\bis\s|yes[\s,–-]{0,3})${word}\b`,
    'i',
  );
const STANDARD = named('standard');
const BASIC = named('basic');

function readLevel(text: string, isLabelled: boolean): Level | null {
  if (/\bPVG\b|protecting vulnerable groups/i.test(text) && !/enhanced dbs/i.test(text)) return 'pvg';
  const scottish = /\blevel (1|2)\b/i.exec(text);
  if (scottish !== null && /disclosure/i.test(text)) return scottish[1] === '1' ? 'level-1' : 'level-2';
  const enhanced =
    /enhanced(?!\s(?:pay|maternity|annual|rate|sick|pension|benefit|holiday|leave|cpd|package|terms))/i.test(text);
  if (/\bstandard(?:\/|\sor\s(?:an\s)?|\sand\s|\s&\s|\sand\/or\s)enhanced\b/i.test(text)) return 'standard-or-enhanced';
  if (enhanced) return 'enhanced';
  if (STANDARD.test(text) || (isLabelled && /\bstandard\b/i.test(text))) return 'standard';
  if (BASIC.test(text) || (isLabelled && /\bbasic\b/i.test(text))) return 'basic';
  return null;
}

function readLists(text: string, isLabelled: boolean): BarredList[] {
  const found = new Set<BarredList>();
  if (/\bList 99\b|\bPOCA\b/.test(text)) found.add('children');
  if (/\bPOVA\b/.test(text)) found.add('adults');
  if (/\bISA\b(?=\s(?:check|registration|registered))|independent safeguarding authority/i.test(text))
    found.add('unspecified');
  const without = /\b(?:without|no|not include|excluding)\b[^.]{0,40}barred/i.test(text);
  if (OFFENCE.test(text) || without || /\bdisqualification by association/i.test(text.replace(/barred/gi, '')))
    return [...found];
  const places = [
    ...text.matchAll(
      /barr(?:ed|ing) list|\bbarred\b(?! from)|\blist check|(?:adults?|child(?:ren)?)['’]?s?['’]? list/gi,
    ),
  ];
  const windows =
    isLabelled && /\+|with|and/i.test(text) && /adult|child/i.test(text)
      ? [text]
      : places.map((place) => text.slice(Math.max(0, place.index - 70), place.index + 80));
  for (const window of windows) {
    const adults = /\badults?\b/i.test(window);
    const children = /\bchild(?:ren)?\b/i.test(window);
    if (adults) found.add('adults');
    if (children) found.add('children');
    if (!adults && !children && found.size === 0) found.add('unspecified');
  }
  if (found.size > 1) found.delete('unspecified');
  return [...found];
}

const EMPLOYER_PAYS =
  /\b(?:(?:we|the (?:trust|school|council|hospice|charity|college|university|academy|employer|organisation|company|practice|group|board|church|museum|society|club|company|service|nursery|hospital)|[A-Z]\w+ (?:group|support|trust|council))(?:'ll| will| shall| would)? (?:also )?(?:pay|cover|meet|fund|reimburse)s?|(?:paid|covered|met|funded|borne)(?: for)? (?:in full )?by (?!the (?:candidate|applicant|successful|appointed|post|employee|individual|new)|you\b|candidates|applicants|yourself)|free (?:of charge|dbs|enhanced dbs)|at no (?:cost|charge)|at the (?:expense|cost) of the (?:trust|school|council|hospice|charity|college|university|academy|employer|organisation|company|practice|group|board|church|museum|society|club|home|nursery)|no (?:cost|charge) to (?:you|the)|not be charged|which we pay|we pay for|we will [^.]{0,80}\band (?:will )?(?:pay|cover|meet) (?:for it|its cost|the (?:fee|cost|charge))|without charge|will not (?:have to |be asked to )?pay)/i;
const CANDIDATE_PAYS =
  /\b(?:(?:you|candidates?|applicants?|post-?holders?|employees?|individuals?|(?:new )?starters?|appointees?)(?:\(s\))?(?: will| must| are| is|'ll| would)?(?: also)?(?: be)?(?: required| expected| asked| have)? ?(?:to )?(?:pay|cover|meet|fund|incur|bear)s?\b|(?:will|must) be (?:required|expected|asked) to (?:pay|cover|meet|fund)\b|you (?:will|must|need to)\b[^.;]{0,60}\band pay\b|(?:payable|paid|met|covered|borne|funded) by (?:the (?:successful |appointed )?(?:candidate|applicant|employee|individual|post-?holder)|you\b)|(?:deducted|taken|comes?|coming|recovered) (?:from|in|over|out of) (?:your|their|the|salar|wages|pay|first)|at (?:a cost|your own (?:cost|expense)|their own (?:cost|expense))|at the (?:candidate|applicant)['’]?s (?:cost|expense))/i;
const REFUNDED =
  /\b(?:refund(?:ed|able)?|reimburse[ds]?|claim(?:ed)? back|pay you back|paid back to you|repaid to you)\b/i;
const ABOUT_COST = /\b(?:cost|fee|charge[ds]?|pays?|paid|free|refund|reimburse|expense|deducted|£)/i;

function readPayer(sentences: readonly Passage[]): { value: Payer; passage: Passage } | null {
  let fallback: { value: Payer; passage: Passage } | null = null;
  for (const passage of sentences) {
    const { text } = passage;
    if (!ABOUT_COST.test(text)) continue;
    if (REFUNDED.test(text)) return { value: 'refunded', passage };
    const employer = EMPLOYER_PAYS.test(text);
    const candidate =
      CANDIDATE_PAYS.test(text) && !/\bnot (?:be )?(?:required|asked|have)? ?(?:to )?(?:pay|charged)/i.test(text);
    if (
      (employer && candidate) ||
      (/\bfor (?:(?:posts|roles|staff|those)\b[^.]{0,20}\bband|band\s?\d[^.]{0,25}\b(?:posts|roles|staff))/i.test(
        text,
      ) &&
        (employer || candidate))
    )
      return { value: 'conditional', passage };
    if (employer || candidate) fallback ??= { value: employer ? 'employer' : 'candidate', passage };
  }
  return fallback;
}

/** The bodies that make checks, by name; then the words that only the English and Welsh regime has. */
const AGENCIES =
  /\b(?:(?<scotland>PVG|protecting vulnerable groups|disclosure scotland)|(?<ni>access ?ni)|(?<dbs>DBS|disclosures? (?:and|&) barring|CRB|criminal records bureau))\b/i;
const OWN_WORDS =
  /barred list|\bISA\b|independent safeguarding|list 99|\bPOVA\b|\bPOCA\b|rehabilitation of (?:the )?offenders|enhanced|standard disclosure|basic disclosure/i;

function readRegime(statements: readonly Statement[]): { value: Regime; passage: Passage } | null {
  for (const passage of statements.flatMap((each) => [
    each.passage,
    ...(each.label === undefined ? [] : [each.label]),
  ])) {
    const named = AGENCIES.exec(passage.text)?.groups;
    if (named?.scotland !== undefined) return { value: 'disclosure-scotland', passage };
    if (named?.ni !== undefined) return { value: 'accessni', passage };
    if (named?.dbs !== undefined) return { value: 'dbs', passage };
  }
  const own = statements.find(({ passage }) => OWN_WORDS.test(passage.text));
  return own === undefined ? null : { value: 'dbs', passage: own.passage };
}

const IS_LEVEL = /\b(?:enhanced|standard|basic|dbs|disclosure|barred|crb|pvg|none|no|not)\b/i;

/** What no statement of a check does without. */
const A_CHECK =
  /DBS|disclosure|CRB|criminal|PVG|vulnerable groups|access ?NI|offenders|barred list|list 99|safeguarding authority|police check|check required|\bISA\s|POVA|POCA/gi;

function collect(context: Context): Statement[] {
  const labelled = factsOf(context, 'dbs')
    .filter((fact) => factText(fact).length <= 90 && fact.zone !== 'board')
    // "Vetting level: Management Vetting" is the police's own, no criminal-record check.
    .filter((fact) => !/vetting/i.test(fact.label.text) || IS_LEVEL.test(factText(fact)))
    .flatMap((fact) => {
      const statement = readStatement(fact.values[0], true);
      return statement === null ? [] : [{ ...statement, label: fact.label }];
    });
  const taken = new Set(labelled.map(({ passage }) => passage.start));
  const stated = sentencesWith(context, A_CHECK).flatMap((sentence): Statement[] => {
    if (taken.has(sentence.start) || sentence.section.kind === 'sponsorship') return [];
    const isDuty =
      sentence.section.kind === 'duties' &&
      !/\b(?:this (?:post|role)|(?:the )?(?:post|role|job) (?:needs|requires|will (?:need|require))|you will (?:need|be (?:required|subject))|successful|subject to)\b/i.test(
        sentence.text,
      );
    const isTitle = sentence.text.length < 45;
    if (isDuty) return [];
    const statement = readStatement(sentence, false);
    if (statement === null && mentionsCheck(sentence.text))
      context.reject({ field: 'dbs', evidence: cite('dbs/mention', sentence), reason: 'decoy' });
    // A heading such as "DBS Checks" or "Disclosure and Barring Service" names the matter and states nothing.
    const isHeading = sentence.section.heading !== null && sentence.start === sentence.section.heading.span.start;
    if (statement === null || (isTitle && isHeading && statement.level === null)) return [];
    if (isHeading && sentence.section.blocks.length > 0) return [];
    return [statement];
  });
  return [...labelled, ...stated];
}

function readDbs(context: Context): Finding<Dbs> | null {
  const statements = collect(context);
  if (statements.length === 0) return null;
  const required = statements.filter(({ status }) => status === 'required');
  const status = statements[0]?.isLabelled
    ? statements[0].status
    : required.length > 0
      ? 'required'
      : (statements.find((statement) => statement.status === 'not-required')?.status ?? 'conditional');
  const relevant = statements.filter((statement) => statement.status === status);
  const naming = relevant.find(({ level }) => level !== null);
  const act = relevant.find(({ isOffendersAct }) => isOffendersAct);
  const lead = naming ?? relevant[0];
  if (lead === undefined) return null;
  warnOfConflict(context, relevant);
  for (const other of statements) {
    if (other === lead) continue;
    const isSame = other.status === lead.status && (other.level === null || other.level === lead.level);
    context.reject({
      field: 'dbs',
      evidence: cite('dbs/statement', other.passage),
      reason: isSame ? 'repeated' : other.isOffendersAct && lead.level !== null ? 'weaker' : 'conflicting',
    });
  }
  const lists = (['adults', 'children', 'unspecified'] as const).flatMap((list) => {
    const statement = relevant.find(({ lists: found }) => found.includes(list));
    return statement === undefined ? [] : [{ list, passage: statement.passage }];
  });
  const kept = lists.length > 1 ? lists.filter(({ list }) => list !== 'unspecified') : lists;
  const around = neighbours(context, relevant);
  const payer = status === 'not-required' ? null : readPayer(around);
  const activity = around.find(({ text }) =>
    /\bregulated (?:activit|role|work)/i.test(text.slice(0, OFFENCE.exec(text)?.index)),
  );
  const update = around.find(({ text }) => /\bupdate service\b/i.test(text));
  const regime = status === 'not-required' ? (readRegime(relevant) ?? null) : readRegime([lead, ...relevant]);
  const evidence: Evidence[] = [
    cite('dbs/statement', lead.passage),
    ...(naming === undefined && act !== undefined && act !== lead ? [cite('dbs/offenders-act', act.passage)] : []),
    ...(regime !== null && regime.passage !== lead.passage ? [cite('dbs/regime', regime.passage)] : []),
    ...(payer !== null && payer.passage !== lead.passage ? [cite('dbs/paid-by', payer.passage)] : []),
    ...(activity !== undefined && activity.start !== lead.passage.start
      ? [cite('dbs/regulated-activity', activity)]
      : []),
    ...(update !== undefined && update.start !== lead.passage.start ? [cite('dbs/update-service', update)] : []),
  ];
  return {
    value: {
      status,
      regime: regime?.value ?? null,
      level: naming?.level ?? (act === undefined ? null : 'standard-or-enhanced'),
      barredLists: kept.map(({ list }) => list),
      regulatedActivity: activity === undefined ? null : true,
      updateService: update === undefined ? null : true,
      paidBy: payer?.value ?? null,
      text: squash(lead.passage.text),
    },
    evidence,
    parts: Object.fromEntries(
      kept.map(({ passage }, index) => [`/barredLists/${index}`, [cite('dbs/barred-list', passage)]]),
    ),
  };
}

function warnOfConflict(context: Context, statements: readonly Statement[]): void {
  const naming = statements.filter(({ level, isOffendersAct }) => level !== null && !isOffendersAct);
  const [first] = naming;
  const other = naming.find(
    ({ level }) =>
      level !== first?.level && level !== 'standard-or-enhanced' && first?.level !== 'standard-or-enhanced',
  );
  if (other === undefined) return;
  const span = { start: other.passage.start, end: other.passage.start + other.passage.text.length };
  context.warn({ code: 'dbs/conflict', args: { quote: other.passage.text }, field: '/dbs', span });
}

/** The statements and the sentences right after them: who pays is often said in the next one. */
function neighbours(context: Context, statements: readonly Statement[]): Passage[] {
  const sentences = runningSentences(context);
  const starts = new Set(statements.map(({ passage }) => passage.start));
  const found: Passage[] = statements.map(({ passage }) => passage);
  for (const [index, sentence] of sentences.entries()) {
    if (!starts.has(sentence.start)) continue;
    for (const offset of [-1, 1, 2, 3]) {
      const near = sentences[index + offset];
      if (near === undefined || starts.has(near.start) || near.section !== sentence.section || DECOY.test(near.text))
        continue;
      if (/\b(?:check|disclosure|certificate|fee|cost|update service|regulated|charge)/i.test(near.text))
        found.push(near);
    }
  }
  return found;
}
