/** Codecs of the types in BTF, with no generated code. */

import type { Btf } from '../btf/index.js';
import { requireMethod } from '../errors/arguments.js';
import { buildCodec } from './build.js';
import type { Codec } from './codec.js';
import { type Forms, FormTable } from './forms.js';
import { shapeOf } from './shape-of.js';

/**
 * The codec of a C data type; the same one each time. Values are what generated code would give: 64-bit integers and
 * pointers are bigint, `char[N]` is a string, `unsigned char[N]` a Uint8Array, an enum the name where it has one.
 *
 * @param id - of the type, or of a variable of it
 * @param forms - which JavaScript form a type takes, where there is a choice
 * @throws BpfError `ERR_BPF_BTF` for `void`, functions, and structs that are only declared
 *
 * @example
 * ```ts
 * const codec = codecOf(btf, btf.find('struct', 'event') ?? 0);
 * const event = decode(codec, record);
 * ```
 */
export function codecOf(btf: Btf, id: number, forms?: Forms): Codec<unknown> {
  requireMethod('make a codec', btf, 'type', 'types are a Btf');
  return buildCodec(shapeOf(btf, id, forms ? { forms: FormTable.of(forms) } : {}));
}
