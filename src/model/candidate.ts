import type { Span } from './span.ts';

/** The words that a reading came from, as their place in the document's text, and the rule that read them. */
export interface Evidence {
  readonly rule: string;
  readonly span: Span;
}

/** How firmly a reading is tied to its field: by a label, by the section it stands in, or by nothing but its words. */
export type Strength = 'labelled' | 'in-section' | 'loose';

/**
 * Where on a page something stands: the employer's own advert; what a job board prints before the advert that it
 * reprints; the other jobs after it; page furniture; what a page's data for machines says. All of a document that nobody
 * reprinted is `advert`.
 */
export type Zone = 'advert' | 'board' | 'tail' | 'furniture' | 'data';

/** True for what is no part of the running text. */
export const isOutside = (zone: Zone) => zone !== 'advert' && zone !== 'board';

/** One reading of a field, in the document's own terms, before any choice is made between several. */
export interface Candidate<Reading> {
  readonly reading: Reading;
  readonly strength: Strength;
  readonly zone: Zone;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** A candidate that was not taken, and why: what `vacancy explain` shows. */
export interface Rejection {
  readonly field: string;
  readonly evidence: Evidence;
  readonly reason: RejectionReason;
}

/**
 * Why: a firmer statement was taken; it says the same again; the first of equal standing was taken; it stands in a board's
 * header, in a page's data or furniture, behind the advert; its words are about something else.
 */
export type RejectionReason = 'weaker' | 'repeated' | 'conflicting' | 'elsewhere' | 'decoy';
