/** A count with its name, and what the list shows when it is chosen. */
export interface Count {
  readonly name: string;
  readonly show: string;
  readonly count: number;
}

/** Counts as a table with bars; empty where there are none. */
export function barsOf(counts: readonly Count[], of: number): string {
  if (counts.length === 0) return '';
  const rows = counts.map(({ name, show, count }) => {
    const share = of === 0 ? 0 : Math.round((100 * count) / of);
    return `<tr><th scope="row"><button type="button" data-show="${show}"${show.startsWith('missing=') ? ' title="show those without"' : ''}>${name}</button></th><td><span class="bar" aria-hidden="true"><span style="width:${share}%"></span></span></td><td>${count} (${share} %)</td></tr>`;
  });
  return `<table class="counts"><tbody>${rows.join('')}</tbody></table>`;
}

const SIZE = { width: 400, height: 160, left: 8, bottom: 22, top: 14 };
/** Bars that can be told apart. */
const MOST_BARS = 40;

/** How often figures fall into steps of a size, as a plot; the step grows until there are no more bars than can be seen. */
export function histogram(
  figures: readonly number[],
  { step, unit, of }: { step: number; unit: (figure: number) => string; of: string },
): string {
  if (figures.length === 0) return '';
  const sorted = [...figures].sort((a, b) => a - b);
  const [least, most] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  let width = step;
  while ((most - least) / width >= MOST_BARS) width *= 2;
  const from = Math.floor(least / width);
  const counts = Array.from({ length: Math.floor(most / width) - from + 1 }, () => 0);
  for (const figure of figures) {
    const at = Math.floor(figure / width) - from;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const median = sorted[sorted.length >> 1] ?? 0;
  const label = `${figures.length} adverts with ${of}: from ${unit(least)} to ${unit(most)}, half of them below ${unit(median)}`;
  return plot(counts, label, (at) => unit((from + at) * width));
}

const DAY = 86_400_000;

/** How many days of a list fall into each week, as a plot. */
export function weekly(days: readonly string[]): string {
  if (days.length === 0) return '';
  const sorted = [...days].sort();
  const monday = (day: string) => {
    const time = Date.parse(`${day}T00:00:00Z`);
    return time - ((new Date(time).getUTCDay() + 6) % 7) * DAY;
  };
  const [first, last] = [monday(sorted[0] ?? ''), monday(sorted.at(-1) ?? '')];
  let weeks = 1;
  while ((last - first) / (7 * DAY * weeks) >= MOST_BARS) weeks *= 2;
  const width = 7 * DAY * weeks;
  const counts = Array.from({ length: Math.floor((last - first) / width) + 1 }, () => 0);
  for (const day of days) {
    const at = Math.floor((monday(day) - first) / width);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const label = `${days.length} closing dates, from ${sorted[0]} to ${sorted.at(-1)}`;
  return plot(counts, label, (at) => new Date(first + at * width).toISOString().slice(0, 10));
}

/** Bars over a line, the first and the last named. */
function plot(counts: readonly number[], label: string, name: (at: number) => string): string {
  const { width, height, left, bottom, top } = SIZE;
  const tallest = Math.max(...counts);
  const each = (width - 2 * left) / counts.length;
  const bars = counts.map((count, at) => {
    const tall = (count / tallest) * (height - bottom - top);
    const x = left + at * each;
    return count === 0
      ? ''
      : `<rect x="${x.toFixed(1)}" y="${(height - bottom - tall).toFixed(1)}" width="${Math.max(1, Math.min(each - 1, 40)).toFixed(1)}" height="${tall.toFixed(1)}"><title>${name(at)}: ${count}</title></rect>`;
  });
  const end = name(counts.length - 1);
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${bars.join('')}<line x1="${left}" x2="${width - left}" y1="${height - bottom}" y2="${height - bottom}"/><text x="${left}" y="${height - 7}">${name(0)}</text>${counts.length > 1 ? `<text x="${width - left}" y="${height - 7}" text-anchor="end">${end}</text>` : ''}<text x="${left}" y="10">${tallest} at most</text></svg><p class="facts">${label}</p>`;
}
