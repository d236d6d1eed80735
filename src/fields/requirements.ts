import { cite } from '../choose.ts';
import type { Evidence } from '../model/candidate.ts';
import { z } from '../model/schema.ts';
import type { Sentence } from '../segment/index.ts';
import type { Passage } from '../segment/passages.ts';
import { criteriaOf } from './criteria/index.ts';
import { type Context, type Field, type Finding, factsOf, sentencesWith } from './field.ts';

const CLEARANCES = ['bpss', 'ctc', 'sc', 'dv', 'police-vetting', 'prison-vetting'] as const;

export interface RequirementValues {
  clearance: (typeof CLEARANCES)[number][];
  registration: string[];
  sponsorship: 'offered' | 'considered' | 'not-offered' | null;
  drivingLicence: 'essential' | 'desirable' | 'required' | null;
}

/** Security clearance, professional registration, visa sponsorship and driving licence. */
export const requirements: Field<RequirementValues> = {
  name: 'requirements',
  schema: {
    clearance: z.array(z.enum(CLEARANCES)),
    registration: z.array(z.string()).check(z.describe('Professional registrations asked for: NMC, HCPC, GMC, …')),
    sponsorship: z
      .nullable(z.enum(['offered', 'considered', 'not-offered']))
      .check(z.describe("An explicit refusal beats a template's welcome")),
    drivingLicence: z
      .nullable(z.enum(['essential', 'desirable', 'required']))
      .check(z.describe('`required`: asked for, no importance given')),
  },
  read: (context) => ({
    clearance: readList(
      context,
      CLEARANCE_WORDS,
      /BPSS|baseline|CTC|terroris|SC\b|security|DV\b|developed vetting|police|NPPV|vetting|prison|HMPPS/gi,
    ),
    registration: readList(
      context,
      REGISTRATION_WORDS,
      /NMC|nursing|HCPC|HPC|health (?:and|&) care|GMC|medical council|GDC|dental council|GPhC|pharmaceutical|GOC|optical|social work|SWE|SSSC|social (?:services|care)|NISCC|BACP|BABCP|UKCP|QTS|qualified teacher|GTCS|gas safe|teaching council|EWC|education workforce/gi,
      isAskedFor,
      'registration',
    ),
    sponsorship: readSponsorship(context),
    drivingLicence: readLicence(context),
  }),
};

interface Named<Value extends string> {
  readonly value: Value;
  readonly pattern: RegExp;
}

/** UK security vetting terms (UKSV, HMPPS). CTC and SC only beside words of clearance; BPSS, not the BPsS. */
const CLEARANCE_WORDS: readonly Named<(typeof CLEARANCES)[number]>[] = [
  { value: 'bpss', pattern: /\bBPSS\b|[Bb]aseline [Pp]ersonnel [Ss]ecurity [Ss]tandard/ },
  {
    value: 'ctc',
    pattern:
      /\bCTC\b(?=[^.]{0,40}\b(?:clear|vett|check|security|level))|(?:clearance|vetting|security|check)[^.]{0,40}\bCTC\b|counter[\s-]terroris[mt] check/i,
  },
  {
    value: 'sc',
    pattern:
      /\bSC\b(?=\)?[\s-]?(?:clear|level|vett|security|\())|(?:clearance|vetting)[^.]{0,40}\bSC\b|\b[Ss]ecurity [Cc]heck \(SC\)|security clearance to SC|level of security needed is security check/,
  },
  {
    value: 'dv',
    pattern: /\bDV\b(?=\)?[\s-]?(?:clear|level|vett|security))|(?:clearance|vetting)[^.]{0,40}\bDV\b|developed vetting/,
  },
  {
    value: 'police-vetting',
    pattern:
      /\bpolice (?:and prison |\/\s?prison )?(?:vetting|clearance|force vetting)|police\/ ?prison (?:vetting|clearance)|\bNPPV\s?\d?\b|\b(?:recruitment|management) vetting\b|non[\s-]police personnel vetting/i,
  },
  {
    value: 'prison-vetting',
    pattern: /\bprison (?:service )?(?:vetting|clearance)|\bHMPPS (?:vetting|clearance)|enhanced prison vetting/i,
  },
];

/** Regulators whose register a post-holder must be on, by how adverts name them. */
const REGISTRATION_WORDS: readonly Named<string>[] = [
  { value: 'NMC', pattern: /\bNMC\b|nursing (?:and|&) midwifery council/i },
  { value: 'HCPC', pattern: /\bHCPC\b|\bHPC\b|health (?:and|&) care professions council/i },
  { value: 'GMC', pattern: /\bGMC\b|general medical council/i },
  { value: 'GDC', pattern: /\bGDC\b|general dental council/i },
  { value: 'GPhC', pattern: /\bGPhC\b|general pharmaceutical council/i },
  { value: 'GOC', pattern: /\bGOC\b|general optical council/i },
  { value: 'Social Work England', pattern: /\bsocial work england\b|\bSWE\b(?= regist)/i },
  { value: 'SSSC', pattern: /\bSSSC\b|scottish social services council/i },
  { value: 'Social Care Wales', pattern: /\bsocial care wales\b/i },
  { value: 'NISCC', pattern: /\bNISCC\b/ },
  { value: 'Gas Safe', pattern: /\bgas safe\b(?= regist)/i },
  { value: 'BACP', pattern: /\bBACP\b/ },
  { value: 'BABCP', pattern: /\bBABCP\b/ },
  { value: 'UKCP', pattern: /\bUKCP\b/ },
  { value: 'QTS', pattern: /\bQTS\b|qualified teacher status/i },
  { value: 'GTCS', pattern: /\bGTCS\b|general teaching council for scotland/i },
  { value: 'EWC', pattern: /\bEWC\b|education workforce council/i },
];

const ASKED =
  /\b(?:regist(?:ration|ered|er)|accredit(?:ation|ed)|pin\b|licen[cs]e|member(?:ship)?|status|qualified teacher|QTS|awaiting|hold)/i;
const NOT_ASKED =
  /\b(?:fees? (?:paid|reimburs|refund)|standards|code of|revalidation|in line with|guidelines|audits?|we (?:will )?pay|renewal|supervis\w+ of|colleagues|team of|alongside|beside|registered nurses,|work(?:ing)? with)\b/i;

/** True where a sentence asks for the registration that it names: in a requirement, not among duties and benefits. */
function isAskedFor(sentence: Sentence): boolean {
  const { kind } = sentence.section;
  if (!ASKED.test(sentence.text)) return false;
  if (/^(?:essential|person-spec|category|registration|additional)$/.test(kind))
    return !/\b(?:desirable|fees)\b/i.test(sentence.text);
  if (/^(?:desirable|duties|benefits|about-us|terms|documents)$/.test(kind)) return false;
  return (
    !NOT_ASKED.test(sentence.text) &&
    /\b(?:must|required|require|essential|need(?:ed)?|regist(?:ration|ered) (?:with|is)|you (?:are|will|have)|applicants|candidate)\b/i.test(
      sentence.text,
    )
  );
}

const NEGATED = /\b(?:no|not|without)\b[^.]{0,30}(?:clearance|vetting|security)|\bnot (?:be )?(?:required|needed)\b/i;

function readList<Value extends string>(
  context: Context,
  vocabulary: readonly Named<Value>[],
  needle: RegExp,
  isRelevant: (sentence: Sentence) => boolean = (sentence) =>
    sentence.section.kind !== 'benefits' && !NEGATED.test(sentence.text),
  label?: 'registration',
): Finding<Value[]> | null {
  const found: { value: Value; at: number; passage: Passage }[] = [];
  for (const sentence of sentencesWith(context, needle)) {
    if (sentence.zone === 'board' && context.sections.some(({ zone }) => zone === 'advert')) continue;
    if (!isRelevant(sentence)) continue;
    for (const { value, pattern } of vocabulary) {
      const match = pattern.exec(sentence.text);
      if (match !== null && !found.some((other) => other.value === value))
        found.push({ value, at: sentence.start + match.index, passage: sentence });
    }
  }
  for (const fact of label === undefined ? [] : factsOf(context, label)) {
    const [passage] = fact.values;
    for (const { value, pattern } of vocabulary) {
      const match = pattern.exec(passage.text);
      if (match !== null && !found.some((other) => other.value === value))
        found.push({ value, at: passage.start + match.index, passage });
    }
  }
  if (found.length === 0) return null;
  found.sort((a, b) => a.at - b.at);
  return {
    value: found.map(({ value }) => value),
    evidence: [],
    parts: Object.fromEntries(found.map(({ passage }, index) => [`/${index}`, [cite('requirement/named', passage)]])),
  };
}

const SPONSORSHIP = /\bsponsor(?:ship|ed|s|ing)?\b/i;
const VISA =
  /\b(?:visa|skilled[\s-]worker|tier 2|certificate of sponsorship|work permit|sponsorship|licensed sponsor|sponsor licen[cs]e|health and care worker|immigration|work in the uk|sponsor (?:any )?(?:applicants?|candidates?|workers?|people|anyone|you\b))/i;
const WITHOUT_RIGHT =
  /\b(?:do|does|did|who)(?: not|n['’]t) (?:already |currently |yet )?(?:have|hold|possess)\b[^.,;]{0,30}\b(?:right|permission|leave|status)\b[^.,;]{0,30}?(?:\bUK\b|United Kingdom|\bto work\b)/i;
const ALONGSIDE = /\bconsidered alongside\b/i;
const NOT_VISA =
  /\b(?:course|degree|qualification|clinical trial|study|event|charity|corporate sponsors?|executive sponsor|project sponsor|sponsored walk|through it|membership|fundrais)/i;
const REFUSED =
  /\b(?:(?:not|cannot|unable|can['’]t|won['’]t|don['’]t|doesn['’]t|isn['’]t|unfortunately|unlikely|ineligible|no longer|never)\b[^.]{0,90}\bsponsor|no (?:visa |skilled worker )?sponsorship|without (?:the need for |requiring |needing )?(?:visa )?sponsorship|sponsor(?:ship|ed)?\b[^.]{0,80}\b(?:not|cannot|unable|unlikely|unavailable|isn['’]t|withdrawn)\b)/i;
const MAYBE =
  /\b(?:may|might|could)\b[^.]{0,60}\bsponsor|considered alongside|\bsponsorship[^.]{0,60}\b(?:may|might|could|considered|subject to|case[\s-]by[\s-]case)\b|\bconsider\b[^.]{0,40}sponsor/i;
const OFFERED =
  /\b(?:(?:can|will|able to|happy to|pleased to|offers?|provides?|available|eligible|welcome)\b[^.]{0,90}\bsponsor|sponsor(?:ship|ed)?\b[^.]{0,60}\b(?:available|offered|provided|eligible|possible|can be|welcome|is open)\b|(?:visas?|this role|post) can be sponsored|licensed sponsor|(?:hold|have) a sponsor(?:ship)? licen[cs]e)/i;

function readSponsorship(context: Context): Finding<'offered' | 'considered' | 'not-offered'> | null {
  const found: { value: 'offered' | 'considered' | 'not-offered'; passage: Passage }[] = [];
  for (const fact of factsOf(context, 'sponsorship')) {
    const [value] = fact.values;
    if (/^(?:no|not (?:available|offered|eligible))\b/i.test(value.text))
      found.push({ value: 'not-offered', passage: value });
    else if (/^(?:yes|available|offered|eligible)\b/i.test(value.text))
      found.push({ value: 'offered', passage: value });
  }
  for (const sentence of sentencesWith(context, /sponsor|considered alongside/gi)) {
    // Who "does not have the right to work" is not refused by that.
    const text = sentence.text.replace(WITHOUT_RIGHT, ' ');
    if (
      (!SPONSORSHIP.test(text) && !ALONGSIDE.test(text)) ||
      !VISA.test(text) ||
      (NOT_VISA.test(text) && !/\bvisa|skilled worker/i.test(text))
    )
      continue;
    if (/\bcertificates? of sponsorship from (?:previous|other)/i.test(text)) continue;
    if (REFUSED.test(text) && !/\bnot (?:only|limited)\b/i.test(text))
      found.push({ value: 'not-offered', passage: sentence });
    else if (MAYBE.test(text)) found.push({ value: 'considered', passage: sentence });
    else if (OFFERED.test(text)) found.push({ value: 'offered', passage: sentence });
  }
  const chosen = found.find(({ value }) => value === 'not-offered') ?? found[0];
  for (const other of found)
    if (other !== chosen)
      context.reject({
        field: 'sponsorship',
        evidence: cite('sponsorship/stated', other.passage),
        reason: other.value === chosen?.value ? 'repeated' : 'weaker',
      });
  return chosen === undefined ? null : { value: chosen.value, evidence: [cite('sponsorship/stated', chosen.passage)] };
}

const LICENCE =
  /\b(?:driv(?:ing|er['’]?s?)\s{1,2}(?:licen[cs]e|lisence)|licen[cs]e to drive|car (?:driver|owner)|(?:must|need to|able to|ability to|required to) (?:be a (?:car )?driver|drive)|driver essential|driving (?:is )?(?:required|essential)|designated essential car user|full (?:uk |clean |valid |current |manual )*licen[cs]e)\b/i;
const NOT_LICENCE =
  /\b(?:driving change|voluntary car drivers?|parking permits|proof of (?:identity|address|id)\b|identification|passport or|driving for the trust|drive (?:change|improvement|forward|performance|standards|results)|career)\b/i;

function readLicence(context: Context): Finding<'essential' | 'desirable' | 'required'> | null {
  const found: { value: 'essential' | 'desirable' | 'required'; evidence: Evidence }[] = [];
  for (const fact of factsOf(context, 'drivingLicence')) {
    const [value] = fact.values;
    if (/^(?:no|not required|n\/a)\b/i.test(value.text)) continue;
    found.push({
      value: /desirable|preferred/i.test(value.text)
        ? 'desirable'
        : /essential/i.test(value.text)
          ? 'essential'
          : 'required',
      evidence: cite('drivingLicence/labelled', value),
    });
  }
  for (const item of criteriaOf(context)) {
    const [evidence] = item.evidence;
    if (evidence === undefined || !LICENCE.test(item.text) || NOT_LICENCE.test(item.text)) continue;
    found.push({
      value: item.importance === 'unspecified' ? 'required' : item.importance,
      evidence: { ...evidence, rule: 'drivingLicence/criterion' },
    });
  }
  for (const sentence of sentencesWith(context, /driv|licen[cs]e|lisence|car (?:driver|owner|user)/gi)) {
    const { text, section } = sentence;
    if (!LICENCE.test(text) || NOT_LICENCE.test(text) || /^(?:benefits|about-us)$/.test(section.kind)) continue;
    if (section.kind === 'duties' && !/licen[cs]e/i.test(text)) continue;
    if (
      /\b(?:not|no|don['’]t|doesn['’]t)\b[^.]{0,20}(?:licen[cs]e|need to drive|driver)\b|\blicen[cs]e is not\b/i.test(
        text,
      )
    )
      continue;
    found.push({ value: importanceOf(sentence), evidence: cite('drivingLicence/stated', sentence) });
  }
  // A person specification that gives the importance wins over a mention that gives none.
  const chosen = found.find(({ value }) => value !== 'required') ?? found[0];
  for (const other of found)
    if (other !== chosen && other.evidence.span.start !== chosen?.evidence.span.start)
      context.reject({
        field: 'drivingLicence',
        evidence: other.evidence,
        reason: other.value === chosen?.value ? 'repeated' : 'weaker',
      });
  return chosen === undefined ? null : { value: chosen.value, evidence: [chosen.evidence] };
}

function importanceOf(sentence: Sentence): 'essential' | 'desirable' | 'required' {
  const { text, section } = sentence;
  if (/\b(?:desirable|preferred|preferable|an advantage|advantageous|ideally|\(D\))\b/i.test(text)) return 'desirable';
  if (/\bessential\b|\(E\)/.test(text) && !/essential car user/i.test(text)) return 'essential';
  if (section.kind === 'essential') return 'essential';
  if (section.kind === 'desirable') return 'desirable';
  return /\bmust\s(?:have|hold|possess)\b[^.]{0,60}\blicen[cs]e\b/i.test(text) ? 'essential' : 'required';
}
