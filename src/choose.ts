import type { Candidate, Evidence, Rejection, Strength, Zone } from './model/candidate.ts';

/** What is chosen, and what was set aside for it. */
export interface Choice<Reading> {
  readonly chosen: Candidate<Reading>;
  /** Statements of equal standing that say something else, in order. */
  readonly conflicts: readonly Candidate<Reading>[];
  readonly rejections: readonly Rejection[];
}

const ZONE_ORDER: Readonly<Record<Zone, number>> = { advert: 0, board: 1, data: 2, furniture: 3, tail: 4 };
const STRENGTH_ORDER: Readonly<Record<Strength, number>> = { labelled: 0, 'in-section': 1, loose: 2 };

/**
 * The reading that stands: the employer's own advert before the board's header, a labelled field before running text,
 * the first of several. What a job board prints after the advert never counts, page furniture only where it is labelled.
 *
 * @param isSame tells whether two readings state the same fact; those that do not, and come from the same zone, conflict.
 */
export function choose<Reading>(
  field: string,
  candidates: readonly Candidate<Reading>[],
  isSame: (a: Reading, b: Reading) => boolean = (a, b) => a === b,
): Choice<Reading> | null {
  const ranked = candidates
    .filter(({ zone, strength }) => zone !== 'tail' && (zone !== 'furniture' || strength === 'labelled'))
    .map((candidate, order) => ({ candidate, order }))
    .sort((a, b) => rank(a.candidate) - rank(b.candidate) || a.order - b.order)
    .map(({ candidate }) => candidate);
  const [chosen, ...others] = ranked;
  const outside = candidates
    .filter((candidate) => !ranked.includes(candidate))
    .map(({ evidence }): Rejection => ({ field, evidence: evidence[0], reason: 'elsewhere' }));
  if (chosen === undefined) return null;
  const differs = (other: Candidate<Reading>) => !isSame(chosen.reading, other.reading);
  // The page's own words stand, and what its data says is held against them.
  const conflicts = others.filter((other) => (other.zone === chosen.zone || other.zone === 'data') && differs(other));
  const rejections = others.map((other): Rejection => {
    return { field, evidence: other.evidence[0], reason: reasonAgainst(other, chosen, !differs(other)) };
  });
  return { chosen, conflicts, rejections: [...rejections, ...outside] };
}

/** Where a statement stands and how it is put: all that ranks it. */
type Standing = Pick<Candidate<unknown>, 'zone' | 'strength'>;

/** Why one statement is set aside for another; `isSame` where both state the same fact. */
export function reasonAgainst(other: Standing, chosen: Standing, isSame: boolean): Rejection['reason'] {
  if (isSame) return 'repeated';
  if (other.zone !== chosen.zone) return 'elsewhere';
  return other.strength === chosen.strength ? 'conflicting' : 'weaker';
}

function rank({ zone, strength }: Standing): number {
  return ZONE_ORDER[zone] * 10 + STRENGTH_ORDER[strength];
}

/** Evidence for a piece of the document's text. */
export function cite(rule: string, passage: { readonly start: number; readonly text: string }): Evidence {
  return { rule, span: { start: passage.start, end: passage.start + passage.text.length } };
}
