import type { Evidence, RejectionReason } from '../../model/candidate.ts';
import { z } from '../../model/schema.ts';
import type { Context, Field } from '../field.ts';
import { ASSESSMENTS, type Assessment, readAssessmentKey } from './assessment.ts';
import { type Importance, type Item, itemKey } from './item.ts';
import { looseProse, walk } from './walk.ts';

export interface Criterion {
  text: string;
  category: string | null;
  assessedBy: Assessment[];
}

export type Criteria = Record<Importance, Criterion[]>;

export interface CriteriaValues {
  criteria: Criteria;
}

const criterion = z.strictObject({
  text: z.string().check(z.describe("The employer's words")),
  category: z.nullable(z.string()).check(z.describe('The heading or row label that it stands under')),
  assessedBy: z.array(z.enum(ASSESSMENTS)).check(z.describe("From the advert's own key where it prints one")),
});

const IMPORTANCES = ['essential', 'desirable', 'unspecified'] as const;

/** What the advert asks of a person: essential, desirable, and asked for without saying which. */
export const criteria: Field<CriteriaValues> = {
  name: 'criteria',
  schema: {
    criteria: z.strictObject({
      essential: z.array(criterion),
      desirable: z.array(criterion),
      unspecified: z.array(criterion),
    }),
  },
  read(context) {
    const items = criteriaOf(context);
    const value: Criteria = { essential: [], desirable: [], unspecified: [] };
    const parts: Record<string, readonly Evidence[]> = {};
    for (const importance of IMPORTANCES) {
      for (const [index, item] of items.filter((each) => each.importance === importance).entries()) {
        value[importance].push({
          text: item.text,
          category: item.category,
          assessedBy: item.assessedBy.map(({ method }) => method),
        });
        parts[`/${importance}/${index}`] = item.evidence;
        for (const [position, { evidence }] of item.assessedBy.entries())
          parts[`/${importance}/${index}/assessedBy/${position}`] = [evidence];
      }
    }
    return { criteria: { value, evidence: [], parts } };
  },
};

const read = new WeakMap<Context, readonly Item[]>();

/** The criteria of an advert, each once, in order. Other fields ask for them too (a driving licence may be one). */
export function criteriaOf(context: Context): readonly Item[] {
  const known = read.get(context);
  if (known !== undefined) return known;
  const items = merge(context);
  read.set(context, items);
  return items;
}

function merge(context: Context): Item[] {
  const { sections, document } = context;
  const key = readAssessmentKey(document);
  const hasReprint = sections.some(({ zone }) => zone === 'board');
  const own = walk(hasReprint ? sections.filter(({ zone }) => zone !== 'board') : sections, key);
  const items = own.length > 0 || !hasReprint ? own : walk(sections, key);
  const all = [...items, ...looseProse(sections)];
  const preferred = preferSpecification(all);
  const kept = unique(preferred);
  const [inPreferred, inKept] = [new Set(preferred), new Set(kept)];
  reject(context, all, (item) => inPreferred.has(item), 'weaker');
  reject(context, preferred, (item) => inKept.has(item), 'repeated');
  return kept.sort((a, b) => (a.evidence[0]?.span.start ?? 0) - (b.evidence[0]?.span.start ?? 0));
}

function reject(
  context: Context,
  items: readonly Item[],
  isKept: (item: Item) => boolean,
  reason: RejectionReason,
): void {
  for (const item of items) {
    const [evidence] = item.evidence;
    if (!isKept(item) && evidence !== undefined) context.reject({ field: item.importance, evidence, reason });
  }
}

/** A person specification wins over every unlabelled list, summary and remark outside it. */
function preferSpecification(items: readonly Item[]): Item[] {
  const specification = items.filter((item) => item.inSpecification);
  if (specification.length < 2) return [...items];
  const isLabelled = specification.some((item) => item.importance !== 'unspecified');
  return items.filter(
    (item) => item.inSpecification || (!isLabelled && item.importance !== 'unspecified' && item.source !== 'prose'),
  );
}

/** Each criterion once: where two lists hold the same words, the labelled one keeps them. */
function unique(items: readonly Item[]): Item[] {
  const best = new Map<string, Item>();
  for (const item of items) {
    const key = itemKey(item.text);
    if (key === '') continue;
    const known = best.get(key);
    if (known === undefined || (known.importance === 'unspecified' && item.importance !== 'unspecified'))
      best.set(key, item);
  }
  return [...best.values()];
}
