/** The public door `libbpf-ts/gen`: what an object holds, as a description and as a typed module. Pure: it runs on any operating system. */

export {
  type Description,
  describeObject,
  type EmitOptions,
  emit,
  findHelperCalls,
  type KernelSymbolKind,
  type MapDescription,
  type ModelOptions,
  type ObjectSource,
  type ObjectsByArchitecture,
} from '../gen/index.js';
