/** Things in the kernel by what people call them: a number, a name, a tag, or the file that they are pinned to. */

import { UsageError } from '../command/command.js';
import { type BtfInfo, btfs, links, maps, programs } from '../doors/inspect.js';
import type { Closable, LinkInfo, MapInfo, ProgramInfo } from '../index.js';
import { BpfError, openLink, openMap, openProgram } from '../index.js';

/** One thing of any kind. */
export type Thing =
  | { readonly kind: 'program'; readonly info: ProgramInfo }
  | { readonly kind: 'map'; readonly info: MapInfo }
  | { readonly kind: 'link'; readonly info: LinkInfo }
  | { readonly kind: 'btf'; readonly info: BtfInfo };

/** The word for a kind. */
export type ThingKind = Thing['kind'];

/** How each kind is found. */
const sources: { readonly [K in ThingKind]: Source<Extract<Thing, { kind: K }>['info']> } = {
  program: {
    all: programs,
    pinned: async path => infoOf(await openProgram(path)),
    isNamed: ({ name, tag }, word) => name === word || tag === word,
  },
  map: {
    all: maps,
    pinned: async path => infoOf(await openMap(path)),
    isNamed: ({ name }, word) => name === word,
  },
  link: { all: links, pinned: async path => infoOf(await openLink(path)), isNamed: () => false },
  btf: { all: btfs, isNamed: ({ name }, word) => name === word },
};

interface Source<Info> {
  all(): AsyncIterable<Info>;
  pinned?(path: string): Promise<Info>;
  isNamed(info: Info, word: string): boolean;
}

/** The kinds, for help and errors. */
export const thingKinds = Object.keys(sources) as ThingKind[];

/**
 * Everything that a word stands for; names need not be unique.
 *
 * @throws BpfError `ENOENT` where there is nothing
 */
export async function thingsOf(command: string, kind: string, word: string): Promise<Thing[]> {
  if (!Object.hasOwn(sources, kind))
    throw new UsageError(command, `there is no kind ${kind}; there are ${thingKinds.join(', ')}`);
  const { all, pinned, isNamed } = sources[kind as ThingKind] as unknown as Source<{ readonly id: number }>;
  const found: { readonly id: number }[] = [];
  if (word.includes('/') && pinned) found.push(await pinned(word));
  else for await (const info of all()) if (`${info.id}` === word || isNamed(info, word)) found.push(info);
  if (found.length === 0) throw nothing(command, kind, word);
  return found.map(info => ({ kind, info }) as unknown as Thing);
}

function nothing(command: string, kind: string, word: string): BpfError {
  const reason = `the kernel has no ${kind} ${word}`;
  const hint = `libbpf-ts list ${kind}s has all of them`;
  return new BpfError({ code: 'ENOENT', operation: `${command} ${kind} ${word}`, reason, hint });
}

async function infoOf<Info>(opened: Closable & { readonly info: Info }): Promise<Info> {
  await using thing = opened;
  return thing.info;
}
