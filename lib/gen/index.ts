/** The door of the generator room: what an object contains, at run time and as a module. */
export { describeObject } from './describe.js';
export {
  type Description,
  type KernelSymbolKind,
  type MapDescription,
  map,
  type ObjectSource,
} from './description.js';
export { type EmitOptions, emit, emitOptions, type ObjectsByArchitecture, objectFileFor } from './emit.js';
export { findHelperCalls } from './helper-calls.js';
export {
  type GlobalsModel,
  type MapModel,
  type ModelOptions,
  type ObjectModel,
  type ProgramModel,
  readModel,
} from './model.js';
export { objectName } from './names.js';
export { embedded, external, perArchitecture } from './source.js';
