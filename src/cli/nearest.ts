/** " (did you mean x?)" for the name that is nearest to one that is not there; empty where none is near. */
export function nearest(given: string, names: readonly string[]): string {
  const measured = names.map((name) => ({ name, steps: distance(given, name) })).sort((a, b) => a.steps - b.steps);
  const [best] = measured;
  return best !== undefined && best.steps <= Math.max(2, given.length / 3) ? ` (did you mean ${best.name}?)` : '';
}

/** Letters that have to be put in, taken out or changed to make one word of the other (Levenshtein's distance). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 0; at < one.length; at++) {
    const next = [at + 1];
    for (let index = 0; index < other.length; index++)
      next.push(
        Math.min(
          (next[index] ?? 0) + 1,
          (row[index + 1] ?? 0) + 1,
          (row[index] ?? 0) + (one[at] === other[index] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
