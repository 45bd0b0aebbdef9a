/** Names that are nearly known: which one may be meant. */

/** `is … meant?`, where a known name is near enough. */
export function meant(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  return near === undefined ? undefined : `is ${near} meant?`;
}

/** The known name that takes the fewest changes, up to a third of its letters. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [first] = known
    .map(each => ({ each, changes: changesBetween(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, changes }) => changes <= Math.max(1, Math.ceil(each.length / 3)))
    .sort((one, other) => one.changes - other.changes);
  return first?.each;
}

/** Levenshtein's distance, a row at a time; letters that changed places are one change. */
function changesBetween(one: string, other: string): number {
  if (one !== other && sorted(one) === sorted(other)) return 1;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [place, each] of [...other].entries())
      next.push(
        Math.min(
          (next[place] ?? 0) + 1,
          (row[place + 1] ?? 0) + 1,
          (row[place] ?? 0) + (letter === each ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

function sorted(text: string): string {
  return [...text].sort().join('');
}
