/** Programs from instructions: an object as any other, which is opened, loaded, attached and run. */

import { type AssembledProgram, assembledObject } from '../asm/assembled-object.js';
import { requireObject, requireText } from '../errors/arguments.js';
import { everyKind } from './every-kind.js';
import { type Skeleton, skeleton } from './skeleton.js';

/** The description of assembled programs. */
export interface AssembledDescription<P extends Readonly<Record<string, AssembledProgram>>> {
  readonly name: string;
  readonly programs: { readonly [Name in keyof P]: P[Name]['section'] };
  readonly maps: Readonly<Record<never, never>>;
  readonly globals: Readonly<Record<never, never>>;
  readonly object: { readonly bytes: () => Uint8Array };
}

/**
 * An object of programs that were assembled, without clang: what their sections say goes for loading, attaching and
 * test runs as for compiled ones. Maps are made with `createMap()` or belong to another object.
 *
 * @param name - of the object
 * @param programs - by name
 * @param license - some helpers ask for `GPL`
 * @example
 * ```ts
 * const block = assembled('block', { drop: { section: 'xdp', insns: asm`r0 = 1; exit` } });
 * await using bpf = await block.load();
 * await bpf.programs.drop.attach({ interface: 'eth0' });
 * ```
 */
export function assembled<const P extends Readonly<Record<string, AssembledProgram>>>(
  name: string,
  programs: P,
  license = 'GPL',
): Skeleton<AssembledDescription<P>> {
  requireText('assemble an object', 'its name', name);
  requireObject('assemble an object', 'its programs are an object', programs);
  const sections = Object.entries(programs).map(([key, { section }]) => [key, section]);
  const bytes = assembledObject(programs, license);
  const description = {
    name,
    programs: Object.fromEntries(sections),
    maps: {},
    globals: {},
    object: { bytes: () => bytes },
  };
  return skeleton(description, everyKind().programs) as unknown as Skeleton<AssembledDescription<P>>;
}
