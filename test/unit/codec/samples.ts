/** Codecs of a few C types, a value of one of them, and values of wrong types. */
import { array, bytes, enumeration, s32, s64, struct, text, u32 } from '../../../lib/codec/index.js';

export const State = enumeration('enum state', u32, { IDLE: 0, BUSY: 5, LAST: 5 });
export const Wide = enumeration('enum wide', s64, { LEAST: -(2n ** 63n), ONE: 1n });
export const Point = struct('struct point', 8, { x: [0, s32], y: [4, s32] });
export const Event = struct<{
  pid: number;
  comm: string;
  points: { x: number; y: number }[];
  args: Uint8Array;
}>('struct event', 28, {
  pid: [0, u32],
  comm: [4, text(8)],
  points: [12, array(Point, 2)],
  args: [28, bytes()],
});
export const event = {
  pid: 7,
  comm: 'node',
  points: [
    { x: -1, y: 2 },
    { x: 3, y: 4 },
  ],
  args: Uint8Array.of(9, 8),
};

// biome-ignore lint/suspicious/noExplicitAny: wrong values on purpose
export const wrong = (value: unknown): any => value;
