/** The public door `libbpf-ts/build`: clang, `vmlinux.h`, linking, and the addon for other machines. */

export { type BuildOptions, type Built, type BuiltObject, build } from '../compile/build.js';
export type { CLiteral } from '../compile/c-template.js';
export { listCautions } from '../compile/cautions.js';
export { type Compiled, type CompileOptions, compile } from '../compile/compile.js';
export { type NewFile, writeTogether } from '../compile/files.js';
export { bpf, type CTag } from '../compile/inline.js';
export { linkObjects } from '../compile/linker.js';
export { type RebuildOptions, rebuildAddon } from '../compile/rebuild.js';
export { vmlinuxHeader } from '../compile/vmlinux.js';
