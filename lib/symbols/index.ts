/** The public door `libbpf-ts/symbols`: names for addresses of the kernel, of processes, and of code that they compile. */
export { demangle } from './demangle.js';
export { type Frame, type FrameKind, formatFrame } from './frame.js';
export type { JavaScriptTier, SourcePosition } from './javascript-name.js';
export { openSymbolizer, symbolize } from './symbolize.js';
export type { AddressSpace, SymbolizeOptions, Symbolizer, SymbolizerOptions } from './symbolizer.js';
export { syscallName } from './syscall-names.js';
