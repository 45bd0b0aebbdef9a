/** The walks in ARCHITECTURE.md: what each names is where it says, and none climbs. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { floorOf } from '../support/rooms.js';

interface Stop {
  readonly file: string;
  readonly name: string;
}

const [, section = ''] =
  /\n## Five walks\n([\s\S]*?)\n## /.exec(readFileSync('ARCHITECTURE.md', 'utf8')) ?? [];
const walks = section
  .split(/\n\*\*/)
  .slice(1)
  .map(text => {
    const stops = Array.from(
      text.matchAll(/^\d+\. `([^`]+)` `([^`]+)`: \S/gm),
      ([, file = '', name = '']) => ({ file, name }),
    );
    return { title: text.slice(0, text.indexOf('**')), stops };
  });

/** The addon lies below all rooms. */
function floor({ file }: Stop): number {
  const room = /^lib\/([\w-]+)/.exec(file)?.[1];
  return room === undefined ? -1 : (floorOf.get(room) ?? Number.NaN);
}

/** Where a name is made: a function, class, table or method, in TypeScript or C++. */
function declares(text: string, name: string): boolean {
  return new RegExp(
    `(function\\*?|class|const) ${name}\\b|^ +(static |async )*${name}[(<]|\\b${name}\\(.*\\{$`,
    'm',
  ).test(text);
}

describe('the walks', () => {
  it('are five, of at most ten stops', () => {
    expect(walks).toHaveLength(5);
    for (const { stops } of walks) {
      expect(stops.length).toBeGreaterThan(4);
      expect(stops.length).toBeLessThanOrEqual(10);
    }
  });

  it.each(walks)('$title finds each name in its file, and goes down', ({ stops }) => {
    expect(stops.filter(({ file, name }) => !declares(readFileSync(file, 'utf8'), name))).toEqual([]);
    const floors = stops.map(floor);
    expect(floors).toEqual(floors.toSorted((a, b) => b - a));
  });
});
