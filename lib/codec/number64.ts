/** 64-bit integers read as `number`, for values that are known to stay below 2^53. */
import { unfit, ValueError } from './faults.js';
import { type InlineCodec, inline } from './reader.js';

function number64(type: string, signed: boolean, littleEndian: boolean): InlineCodec<number> {
  const [low, high] = littleEndian ? [0, 4] : [4, 0];
  const take = (view: DataView, offset: number) => {
    const top = signed
      ? view.getInt32(offset + high, littleEndian)
      : view.getUint32(offset + high, littleEndian);
    const value = top * 0x1_0000_0000 + view.getUint32(offset + low, littleEndian);
    if (Number.isSafeInteger(value)) return value;
    throw new ValueError(type, '', 'is beyond 2^53 and no exact number', 'read this member as a bigint');
  };
  return inline<number>({
    type,
    size: 8,
    source: (at, _end, scope) => `${scope.constant(take)}(v, o + ${at})`,
    take,
    write(view, offset, value) {
      const fits = Number.isSafeInteger(value) && (signed || value >= 0);
      if (!fits) throw unfit(type, `an integer from ${signed ? '-2^53 + 1' : '0'} to 2^53 - 1`, value);
      view.setUint32(offset + low, value % 0x1_0000_0000, littleEndian);
      view.setInt32(offset + high, Math.floor(value / 0x1_0000_0000), littleEndian);
    },
  });
}

/** An unsigned 64-bit integer as a number; beyond 2^53 it throws. Little endian. */
export const u64number = number64('u64', false, true);
/** A signed 64-bit integer as a number; beyond 2^53 it throws. Little endian. */
export const s64number = number64('s64', true, true);
/** An unsigned 64-bit integer as a number; beyond 2^53 it throws. Big endian. */
export const u64numberbe = number64('u64be', false, false);
/** A signed 64-bit integer as a number; beyond 2^53 it throws. Big endian. */
export const s64numberbe = number64('s64be', true, false);
