import type { Line } from './lines.ts';

/** The words of a line from left to right. */
const lineText = (line: Line) => line.segments.map((segment) => segment.text).join(' ');

/** Numbers masked: a footer repeats but for its page number. */
const mask = (text: string) => text.toLowerCase().replace(/\d+/g, '#').replace(/\s+/g, ' ');

const PAGE_NUMBER = /^\W{0,3}(?:page\s{0,2})?\d{1,3}(?:\s{0,2}(?:of|\/)\s{0,2}\d{1,3})?\W{0,3}$/i;
/** A table's header row repeats on each page too, and is no furniture. */
const TABLE_HEADER = /\b(?:essential|desirable|criteri(?:a|on)|assess)/i;

/** How many lines deep furniture may stand at either edge of a page. */
const DEPTH = 4;

/**
 * The lines of each page that are page furniture: those at its edges that come again, but for their numbers, at the same
 * edge of other pages, and page numbers. The result holds a set of lines for each page.
 */
export function findFurniture(
  pages: readonly { readonly lines: readonly Line[]; readonly height: number }[],
): ReadonlySet<Line>[] {
  const found = pages.map(() => new Set<Line>());
  for (const edge of ['top', 'bottom'] as const) {
    const peeled = pages.map(() => 0);
    for (let depth = 0; depth < DEPTH; depth++) {
      const candidates = pages.map(({ lines }, page) => {
        const position = peeled[page] ?? 0;
        return edge === 'top' ? lines[position] : lines[lines.length - 1 - position];
      });
      const counts = new Map<string, number>();
      for (const line of candidates)
        if (line !== undefined) counts.set(mask(lineText(line)), (counts.get(mask(lineText(line))) ?? 0) + 1);
      let isAny = false;
      for (const [page, line] of candidates.entries()) {
        const height = pages[page]?.height ?? 0;
        if (line === undefined || (pages[page]?.lines.length ?? 0) <= 1) continue;
        const text = lineText(line);
        const isOuter = edge === 'top' ? line.y < height * 0.14 : line.y > height * 0.86;
        const repeats =
          (counts.get(mask(text)) ?? 0) >= Math.max(2, pages.length * 0.4) &&
          !TABLE_HEADER.test(text) &&
          text.length < 200;
        const isEdge = edge === 'top' ? line.y < height * 0.07 : line.y > height * 0.93;
        // A page number alone, or one in a column of a line at the very edge of the page.
        const isNumber =
          (PAGE_NUMBER.test(text) && isOuter) ||
          (isEdge && line.segments.length > 1 && line.segments.some((segment) => PAGE_NUMBER.test(segment.text)));
        if (!(isNumber || (repeats && isOuter))) continue;
        found[page]?.add(line);
        peeled[page] = (peeled[page] ?? 0) + 1;
        isAny = true;
      }
      if (!isAny) break;
    }
  }
  return found;
}
