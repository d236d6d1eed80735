import { cite } from '../../choose.ts';
import { type Cell, cellText, type TextBlock } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import { passageOf } from '../../segment/passages.ts';
import { type Assessment, type AssessmentKey, isAssessmentCell, readAssessments, splitCodes } from './assessment.ts';
import { readInlineLists } from './inline.ts';
import { type Assessed, bareItem, continuesItem, type Item, isNothing, ownImportance } from './item.ts';
import { CROSS, importanceLabel, type Role, TICK } from './roles.ts';

/** How the cells of a row say that it is assessed, by their columns' roles. */
export function assessmentsIn(
  cells: readonly Cell[],
  roles: ReadonlyMap<number, Role>,
  key: AssessmentKey,
): Assessed[] {
  const found = new Map<Assessment, Assessed>();
  for (const cell of cells) {
    const role = roles.get(cell.column);
    const [block] = cell.blocks;
    if (block === undefined) continue;
    const text = cellText(cell);
    const methods =
      role === 'assessed'
        ? readAssessments(text, key)
        : typeof role === 'object' && TICK.test(text) && !CROSS.test(text)
          ? [role.method]
          : [];
    const passage = cell.blocks.length === 1 ? passageOf(block) : { text, start: cell.span.start };
    for (const method of methods)
      if (!found.has(method)) found.set(method, { method, evidence: cite('criteria/assessed', passage) });
  }
  return [...found.values()];
}

/** The criteria in a cell. A label in it ("Essential", "Essential: …") says what those below it are. */
type Base = Pick<Item, 'category' | 'importance' | 'assessedBy' | 'inSpecification'>;

export function itemsOf(cell: Cell, { key, ...base }: Base & { readonly key: AssessmentKey }): Item[] {
  const items: Item[] = [];
  let { importance } = base;
  for (const part of partsOf(cell.blocks)) {
    if (part.label !== null) importance = part.label;
    const category = part.category ?? base.category;
    for (const group of groupBlocks(part.blocks)) {
      const passages = group.map(passageOf);
      const [first] = passages;
      if (first === undefined) continue;
      const inline = group.length === 1 ? readInlineLists(first) : [];
      if (inline.length > 0) {
        for (const item of inline)
          items.push({ ...base, category, ...item, assessedBy: base.assessedBy, source: 'table' });
        continue;
      }
      const last = passages.at(-1);
      const marked = last === undefined ? null : splitCodes(last.text, key);
      const bare = passages.map((passage, index) => {
        const own = passage === last && marked !== null ? { ...passage, text: marked.text } : passage;
        return passage === last || index === 0 ? bareItem(own) : own;
      });
      const text = squash(
        joinParts(
          group,
          bare.map((passage) => passage.text),
        ),
      );
      if (isNothing(text)) continue;
      // Codes on a line of their own, under the item that they are of.
      const above = items.at(-1);
      if (above !== undefined && isAssessmentCell(text, key)) {
        const methods = readAssessments(text, key);
        const evidence = cite('criteria/assessed', first);
        items[items.length - 1] = { ...above, assessedBy: methods.map((method) => ({ method, evidence })) };
        continue;
      }
      const own = ownImportance(group.map((block) => block.text).join(' '));
      const evidence = bare.map((passage) => cite('criteria/table', passage));
      const codes = (marked?.methods ?? []).map((method) => ({
        method,
        evidence: cite('criteria/assessed', last ?? first),
      }));
      const assessedBy = codes.length > 0 ? codes : base.assessedBy;
      items.push({ ...base, category, text, importance: own ?? importance, assessedBy, evidence, source: 'table' });
    }
  }
  return items;
}

/** "Training" in bold, over the items of a cell: a category within it. */
function isInnerHeading(blocks: readonly TextBlock[], index: number): boolean {
  const [block, next] = [blocks[index], blocks[index + 1]];
  const isBold = (each: TextBlock | undefined) =>
    each?.style?.emphasised === true || each?.style?.headingLevel !== undefined;
  return (
    block?.kind === 'paragraph' &&
    next !== undefined &&
    block.text.length <= 40 &&
    !/[.;,]$/.test(block.text) &&
    isBold(block) &&
    !isBold(next)
  );
}

interface Part {
  readonly label: 'essential' | 'desirable' | null;
  /** The category that a heading within the cell names. */
  readonly category: string | null;
  readonly blocks: TextBlock[];
}

/** A cell's blocks, parted at the labels among them. */
function partsOf(blocks: readonly TextBlock[]): Part[] {
  const parts: Part[] = [{ label: null, category: null, blocks: [] }];
  for (const [index, block] of blocks.entries()) {
    const label = blocks.length > 1 ? importanceLabel(block.text) : null;
    if (label !== null) parts.push({ label, category: null, blocks: [] });
    else if (isInnerHeading(blocks, index))
      parts.push({ label: null, category: squash(bareLabel(block.text)), blocks: [] });
    else parts.at(-1)?.blocks.push(block);
  }
  return parts;
}

export const bareLabel = (text: string) => text.replace(/(?<![\s:–-])[\s:–-]+$/, '');

/** A list item or paragraph with what belongs to it: its sub-list, or the lines that only go on with it. */
export function groupBlocks(blocks: readonly TextBlock[]): TextBlock[][] {
  const groups: TextBlock[][] = [];
  const hasItems = blocks.some((block) => block.kind === 'list-item');
  for (const [index, block] of blocks.entries()) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const first = group?.[0];
    if (block.text.trim() === '') continue;
    if (first !== undefined && group !== undefined && before !== undefined) {
      const isSubItem =
        block.kind === 'list-item' && first.kind === 'list-item' && (block.depth ?? 0) > (first.depth ?? 0);
      const goesOn =
        (block.kind === 'paragraph' && continuesItem(before.text, block.text)) ||
        (block.kind === 'list-item' && /^(?:and|or)\s/.test(block.text) && !/[.!?;:]$/.test(before.text));
      const isAlternative =
        /^(?:and|or|and\/or|either)$/i.test(before.text.trim()) || /^(?:and|or|and\/or)$/i.test(block.text.trim());
      if (isSubItem || goesOn || isAlternative) {
        group.push(block);
        continue;
      }
    }
    const isLeadIn =
      hasItems && block.kind === 'paragraph' && /:$/.test(block.text) && blocks[index + 1]?.kind === 'list-item';
    if (isLeadIn) continue;
    groups.push([block]);
  }
  return groups;
}

/** The words of a group as one criterion: the parts of a sub-list joined by semicolons, wrapped lines by spaces. */
export function joinParts(group: readonly TextBlock[], texts: readonly string[]): string {
  const first = group[0];
  const parts: string[] = [];
  for (const [index, text] of texts.entries()) {
    const block = group[index];
    const before = parts.at(-1);
    const isSubItem = block?.kind === 'list-item' && first?.kind === 'list-item' && !/^(?:and|or)\s/.test(text);
    if (before !== undefined && isSubItem) {
      parts[parts.length - 1] = before.replace(/[;,.]$/, '');
      parts.push(before.endsWith(':') ? ' ' : '; ');
    } else if (before !== undefined) parts.push(' ');
    parts.push(text);
  }
  return parts.join('');
}
