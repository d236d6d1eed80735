import type { Strength, Zone } from '../../model/candidate.ts';
import { findRanges, isForOtherTimes, type Period, periodIn, type WrittenRange } from '../../normalise/money.ts';
import type { Passage } from '../../segment/passages.ts';

/** What a figure in a pay statement is. */
type Role = 'main' | 'full-time' | 'actual';

export interface RoledRange extends WrittenRange {
  readonly role: Role;
}

/** A statement about pay and the figures in it that are pay. */
export interface Statement {
  readonly passage: Passage;
  readonly strength: Strength;
  readonly zone: Zone;
  /** The period that the statement's label gives ("Hourly rate"), for figures that print none. */
  readonly labelPeriod: Period | null;
  readonly ranges: readonly RoledRange[];
}

/** Words right before or after a figure that make it something else than pay. */
const NOT_PAY_BEFORE =
  /(?:(?:plus|\+|&|with|excl\w{0,12}|incl?\w{0,12}\.?|inc|allowances?|supplement|weighting|bonus(?: of)?|welcome|hello(?: of)?|relocation|fees?(?: of)?|budgets?(?: of)?|turnover(?: of)?|income(?: of)?|worth|cost(?:s|ing)?(?: of)?|charge(?:s|d)?(?: of)?|threshold(?: of)?|minimum salary(?: threshold)? of|referral|refer a friend|vouchers?|sum assured|mileage(?: at)?|expenses|funding(?: of)?|grants?(?: of)?|fund(?: of)?|precept[^.]{0,20}|contribut\w{2,4}|pension|sleep[\s-]?ins?|on[\s-]call[^.;]{0,20}|enhancements?|premi(?:um|a)|OTE|LW|HCAS|subscription|deposit|discounts?|prize|float|save|saves|saving|investment|up to a value of|limit of|over|project|contract value|TLR\s?\d?[a-c]?)\s?(?:an?|of|is|at|:|-|–|up to|additional|further|approx\.?)?\s{0,2})$/i;
const NOT_PAY_AFTER =
  /^\s?(?:(?:per|a|each|for each)\s(?:mile|sleep|night|child|dinner|head|referral|friend|meal|ticket|adult|lesson)|p\/mile|m\b|million|bn|billion|turnover|budget|(?:(?!inc|excl|plus|per\b|pa\b|pro\b|and\b|with\b|of\b)\w+\s){0,3}(?:bonus|welcome|allowance|supplement|voucher|fee|hello|relocation|payment\b|prize|premi(?:um|a)|London weighting|LW\b|HCAS|ILW|OLW|weighting|sleep[\s-]?in|budget|fund\b|grant|turnover|investment|programme|contribution|subscription|discount|retainer|charge|per month (?:for|towards)|for life cover))/i;

/** In a field labelled as pay only what is plainly something else is left out. */
const IN_FIELD_NOT_BEFORE =
  /(?:(?:(?:plus|\+|&|excl\w{0,12}|with|inclusive of|including|incl?\.?|inc)\s(?:an?\s|up to\s|approx\w{0,12}\s)?|allowances?(?: of)?|weighting(?: of)?|bonus(?: of)?(?: up to)?|hello(?: of)?|sleep[\s-]?ins?(?: rate)?|sleepover|relocation|mileage(?: at)?|(?:LW|ILW|HCAS)\s?(?:of)?|on[\s-]call|retainer|OTE|TLR\s?\d?[a-c]?\s?[-–]?|premium)\s?(?:are|is|of|at|=|:|-|–)?\s{0,2})$/i;
const IN_FIELD_NOT_AFTER =
  /^\s?(?:(?:per|a|for each)\s(?:mile|sleep|night)|p\/mile|million\b|(?:(?!inc|excl|plus|per\b|pa\b|pro\b|and\b|with\b|of\b)\w+\s){0,2}(?:bonus|welcome|allowance|supplement|voucher|hello|relocation|London weighting|ILW|LW\b|HCAS|weighting|sleep[\s-]?in|retainer|call[\s-]out|training bursary|on nights|night rate|mileage))/i;

const ACTUAL =
  /\b(?:actual|pro[\s-]?rata(?:'d|ed)?\s(?:salary|pay|to)|(?:salary|pay|which) (?:is|will be|equates to|works out at|gives)\s(?:actual|pro[\s-]?rata|approximately|about)?\s?$|equates to|take[\s-]home|pro[\s-]rata(?:d)? (?:equivalent|figure)|for (?:the |these )?(?:\d{1,2}(?:\.\d+)?|[a-z]+) hours?|for this post|in practice|which for|(?:amounts?|comes?) to|you (?:will|would) (?:be paid|receive|earn))\b/i;
const FULL_TIME = /\b(?:f\.?t\.?e\.?|w\.?t\.?e\.?|full[\s-]time(?: equivalent)?(?: salary)?|full time)\b/i;

/** The pay figures of a passage, each with its role; figures that are something else are left out. */
export function readRanges(passage: Passage, isField: boolean): RoledRange[] {
  const { text } = passage;
  const all = findRanges(text, isField);
  const kept = all.filter((range, index) => {
    // "£31,000 to £34,000, with progression beyond the top to £36,500": no pay of a post that begins.
    if (
      index > 0 &&
      /\b(?:progress\w+|contribution points?|discretionary)\b[^.;)£]{0,50}$/i.test(
        text.slice(all[index - 1]?.end, range.start),
      )
    )
      return false;
    const before = text.slice(Math.max(0, range.start - 45), range.start);
    const after = text.slice(range.end, range.end + 50);
    if (isField) return !IN_FIELD_NOT_BEFORE.test(before) && !(isSmall(range) && IN_FIELD_NOT_AFTER.test(after));
    if (NOT_ABOUT_PAY.test(text)) return OWN_FIGURE_END.test(`${before}£`);
    return !NOT_PAY_BEFORE.test(before) && !NOT_PAY_AFTER.test(after);
  });
  // "£12.80 per hour (£14.10 nights and weekends)": the second is what other times pay on top.
  const usual = kept.filter(
    (range, index) => index === 0 || !isAtOtherTimes(text, range) || isAtOtherTimes(text, kept[0]),
  );
  return usual.map((range, index) => ({ ...range, role: roleOf(text, usual, index) }));
}

const isAtOtherTimes = (text: string, range: WrittenRange | undefined) =>
  range !== undefined && isForOtherTimes(range.max ?? range.min ?? 0, text.slice(range.end, range.end + 40));

/** A sum that may be an allowance beside a salary: words behind a larger one say nothing against it. Pounds. */
const isSmall = ({ min, max }: WrittenRange) => (max ?? min ?? 0) < 12_000;

/** Whether the words beside a range call it actual or full-time pay. */
function roleOf(text: string, ranges: readonly WrittenRange[], index: number): Role {
  const range = ranges[index];
  if (range === undefined) return 'main';
  const before = text.slice(splitGap(text, ranges[index - 1]?.end ?? 0, range.start, index > 0), range.start);
  const nextStart = ranges[index + 1]?.start ?? text.length;
  const after = text.slice(range.end, splitGap(text, range.end, nextStart, index + 1 < ranges.length));
  // Words in brackets right behind the figure, or the phrase that leads to it, are its own.
  const near = `${before.slice(-60)} ¦ ${after.slice(0, 45)}`;
  if (/\bactual\b/i.test(near)) return 'actual';
  // "£34,000 FTE (£20,400 for 0.6 FTE)": a share of the full time.
  if (index > 0 && /\b0?\.\d{1,3}\s?(?:F\.?T\.?E|W\.?T\.?E)/i.test(after.slice(0, 30))) return 'actual';
  if (FULL_TIME.test(near)) return 'full-time';
  // "£14.10 an hour, which comes to £27,495 a year": the same pay by another period, not less of it.
  const [previous] = ranges.slice(index - 1, index);
  const isSameByOther =
    previous !== undefined && previous.period !== null && range.period !== null && previous.period !== range.period;
  return ACTUAL.test(before.slice(-60)) && ranges.length > 1 && index > 0 && !isSameByOther ? 'actual' : 'main';
}

/** Where the words between two figures stop belonging to the first and begin to belong to the second. */
function splitGap(text: string, from: number, to: number, hasNeighbour: boolean): number {
  if (!hasNeighbour) return from === 0 ? 0 : to;
  const gap = text.slice(from, to);
  const mark =
    /\)|\(|[;,.:]\s|\.\s|\sor\s|\s[-–—]\s|\b(?:actual|pro[\s-]rata)\s(?:salary|pay)\b|\bFTE\b(?=\s{0,2}[:£]?\s{0,2}$)|\bequates\b/i.exec(
      gap,
    );
  if (mark === null) return to;
  return from + mark.index + (mark[0].startsWith(')') ? 1 : 0);
}

const ABOUT_PAY =
  /\b(?:salar(?:y|ies)|pay(?:s|ing)?|paid|wages?|rates?|remuneration|hourly|pro[\s-]rata|scale|grade|band|starting (?:at|salary)|earn(?:ing)?s?|spine|points?|stipend|honorarium|full[\s-]time equivalent|FTE|MPS|UPS|MPR|UPR|SCP|NJC|AfC)\b/i;
const NOT_ABOUT_PAY =
  /\b(?:budget|turnover|precept|income of|threshold|fundrais|grant|raise[ds]?|invest|worth|mileage|lease|pension if|enrolled|earn more than|bonus scheme|voucher|refer(?:ral)? (?:a )?friend|refer-a-friend|recommend a friend|relocation|joining payment|welcome payment|golden hello|fee of|fees? (?:is|are)|cost of|costs? (?:is|are)|fine\b|prize|nursery (?:at|charges)|signature|signatures|amounts? over|expenses|minimum wage|living wage employer|pay back|repay|deducted|subscription|parking|gym|lottery|dinner|savings?|discount|sponsor(?:ship)?|earnings threshold|visa|payments? run)\b/i;

/**
 * True for a sentence of running text whose figures may be the post's pay.
 *
 * @param allowsRate whether a bare rate ("£12.80 per hour") may be pay where it stands: among benefits it is none.
 */
export function speaksOfPay(text: string, allowsRate: boolean): boolean {
  return (
    /£|GBP|\bk\b/.test(text) &&
    (((ABOUT_PAY.test(text) || (allowsRate && RATE.test(text))) && !NOT_ABOUT_PAY.test(text)) || OWN_FIGURE.test(text))
  );
}

/** A sum with the period of pay right behind it, in a line of its own: "Kendal office: £25,800 to £27,900 per annum". */
const RATE =
  /^(?:[^.£]{1,45}[:–-]\s{0,2})?(?:circa |from |up to )?£\s?\d[\d,.]{1,9}(?:\s?(?:-|–|to)\s?£?\s?\d[\d,.]{1,9})?\s?(?:per annum|p\.?a\b|a year|per year|per hour|an hour|p\.?h\b)/i;

/** The first sum or range of a line that begins with one. */
const OPENING_SUM = String.raw`^(?:(?:circa|c\.?|from|up to|starting (?:at|from)|between|around|approx\.?|approximately)\s{0,2})?(?:GBP|£)\s?\d[\d,.']{0,11}(?![,.']?\d)k?\+?(?:\s?(?:-|–|to|and|up to)\s?(?:£|GBP)?\s?\d[\d,.']{0,11}(?![,.']?\d)k?\+?)?`;
/** A line that is a sum from its first word: pay in an advert without labels, where what follows does not name another thing. */
export const LEADS_WITH_SUM = new RegExp(
  String.raw`${OPENING_SUM}\s{0,2}(?:$|[+,;:(/|•·*–-]|\d|per\b|p\.?\s?[ahw]\b|an?\s(?:year|hour|day|week|month|session|shift)|each|pro\b|gross|GBP|FTE|WTE|full|part|depend|DOE|plus|negotiable|inc|excl|subject|AfC|band|grade|NJC|SCP|spine|points?|rising|starting|basic|annual|actual|salary|hourly|daily|weekly|yearly|OTE|with\b|and\b|or\b|for (?:a |an )?(?:\d|full|part|hour)|at\b|on\b|based|pa\b|k\b|equivalent|London|national|dependent|commensurate|according|up to|HCA|term|TTO|hours?)`,
  'i',
);
/** A line whose sum is its own pay, whatever stands behind it. */
export const LEADS_WITH_RATE = new RegExp(String.raw`${OPENING_SUM}\s?(?:per|p\.?a|p\.?h|an?\s(?:year|hour))\b`, 'i');

/** A figure that the words right before it call pay, whatever else the sentence speaks of. */
const OWN_FIGURE =
  /\b(?:(?:salary|pay|wage|rate of pay|remuneration)\s(?:of|is|will be|at|starts at)|you (?:will|would) (?:be paid|earn)|post is paid(?: at)?)\s(?:up to |from |between |circa |about )?£/i;
const OWN_FIGURE_END = new RegExp(`${OWN_FIGURE.source}$`, 'i');

/** The period that words about a whole field give: its label, or "Salary period: Yearly". */
export function periodOfLabel(label: string): Period | null {
  if (/hour/i.test(label)) return 'hour';
  if (/\bday rate|daily/i.test(label)) return 'day';
  if (/annual|per annum|yearly|p\.?a\b/i.test(label)) return 'year';
  return periodIn(label);
}
