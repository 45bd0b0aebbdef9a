/** Text in so many columns of a terminal. */

/** The text in at most `width` columns; what is cut ends in `…`. */
export function clip(text: string, width: number): string {
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += columnsOf(character);
    if (used <= width - 1) kept += character;
  }
  return used <= width ? text : `${kept}…`;
}

/** Combining marks take no column; ideographs and emoji take two. */
function columnsOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\p{Emoji_Presentation}]/u.test(
    character,
  )
    ? 2
    : 1;
}
