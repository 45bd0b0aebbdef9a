/** An object's description at run time: what a generated module spells out, made from the object's own BTF. */

import { buildCodec } from '../codec/index.js';
import { requireBytes, requireOptions, requireText } from '../errors/arguments.js';
import { type Description, type MapDescription, map } from './description.js';
import { type MapModel, type ModelOptions, modelOptions, type ObjectModel, readModel } from './model.js';

/**
 * Describes an object with no generated code.
 *
 * @param bytes - the object file; they must not change afterwards
 * @param name - of the object or its file: `execsnoop`, `build/execsnoop.bpf.o`
 * @throws BpfError `ERR_BPF_ELF` or `ERR_BPF_BTF` when it is no BPF object with types, `ERR_BPF_ARGUMENT` when
 * `options.types` names a map or type that it does not have
 *
 * @example
 * ```ts
 * const { maps } = describeObject(readFileSync('execsnoop.bpf.o'), 'execsnoop.bpf.o');
 * maps.events?.value?.type; // 'struct event'
 * ```
 */
export function describeObject(bytes: Uint8Array, name: string, options: ModelOptions = {}): Description {
  requireBytes('describe an object', 'it', bytes);
  requireText('describe an object', 'its name', name);
  requireOptions('describe an object', options, modelOptions);
  const model = readModel(bytes, name, options);
  return {
    name: model.name,
    programs: Object.fromEntries(model.programs.map(program => [program.name, program.section])),
    ...contextsOf(model),
    maps: Object.fromEntries(model.maps.map(each => [each.name, describeMap(each)])),
    globals: Object.fromEntries(model.globals.map(({ key, shape }) => [key, buildCodec(shape)])),
    ksyms: Object.fromEntries(model.ksyms.map(({ name, kind }) => [name, kind])),
    object: { bytes: () => bytes },
  };
}

/** Left out where there are none, as in a generated module. */
function contextsOf({ contexts }: ObjectModel): Pick<Description, 'contexts'> {
  if (contexts.length === 0) return {};
  return { contexts: Object.fromEntries(contexts.map(({ program, shape }) => [program, buildCodec(shape)])) };
}

function describeMap({ kind, key, value, inner }: MapModel): MapDescription {
  if (inner) return { kind, key: key && buildCodec(key), inner: describeMap(inner) };
  return map(kind, key && buildCodec(key), value && buildCodec(value));
}
