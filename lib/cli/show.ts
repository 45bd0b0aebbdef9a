/**
 * `libbpf-ts show`: all that is known of one program, map, link or BTF: itself, the processes that hold it, where it
 * is.
 */

import { command } from '../command/command.js';
import { print, warn } from '../command/output.js';
import { replacer } from '../doors/codec.js';
import {
  type Holder,
  holders,
  hooks,
  linkPlace,
  links,
  maps,
  type OccupiedHook,
  type Pin,
  pins,
  programs,
} from '../doors/inspect.js';
import type { LinkInfo } from '../index.js';
import { escapeLine } from '../index.js';
import { hookPlace } from './hook-place.js';
import { shown } from './shown.js';
import { type Thing, thingKinds, thingsOf } from './things.js';

export const show = command({
  name: 'show',
  summary: 'show one program, map, link or set of types, who holds it and where it is attached',
  usage: 'KIND ID|NAME|FILE',
  about: [
    `KIND is ${thingKinds.join(', ')}. What it is called by is its number, its name, a program's tag, or the file that it`,
    'is pinned to, with a slash in it. Several of one name are all shown.',
  ],
  options: { json: { type: 'boolean', help: 'a JSON array, a member for each' } },
  operands: [2, 2],
  examples: ['show program 17', 'show map counts --json', 'show link /sys/fs/bpf/filter'],
  async run({ options: { json }, operands: [kind = '', word = ''] }) {
    const things = await thingsOf('show', kind, word);
    const { holdings, hidden } = await holders();
    const details: Details[] = [];
    for (const thing of things) details.push({ ...thing, ...(await around(thing, holdings)) });
    if (json) return print(`${JSON.stringify(details, replacer, 2)}\n`);
    for (const reason of hidden) warn(`there may be more holders: ${reason}\n`);
    return print(details.map(textOf).join('\n'));
  },
});

/** What is around a thing. */
interface Around {
  readonly holders: readonly Holder[];
  readonly pins: readonly Pin[];
  readonly links: readonly LinkInfo[];
  readonly hooks: readonly OccupiedHook[];
  /** Numbers of the programs that use a map or types, and of maps that use types. */
  readonly programIds: readonly number[];
  readonly mapIds: readonly number[];
}

type Details = Thing & Around;

async function around(thing: Thing, holdings: readonly Holder[]): Promise<Around> {
  const { kind, info } = thing;
  const held = kind === 'program' ? ['program', 'perf_event'] : [kind];
  const isProgram = kind === 'program';
  return {
    holders: holdings.filter(holding => held.includes(holding.kind) && holding.id === info.id),
    pins: await those(pins(), pin => pin.kind === kind && pin.id === info.id),
    links: isProgram ? await those(links(), ({ programId }) => programId === info.id) : [],
    hooks: isProgram
      ? await those(hooks(), hook => hook.programs.some(({ programId }) => programId === info.id))
      : [],
    programIds: await programsOf(thing),
    mapIds: kind === 'btf' ? ids(await those(maps(), ({ btfId }) => btfId === info.id)) : [],
  };
}

async function programsOf({ kind, info }: Thing): Promise<number[]> {
  if (kind === 'map') return ids(await those(programs(), ({ mapIds }) => mapIds.includes(info.id)));
  return kind === 'btf' ? ids(await those(programs(), ({ btfId }) => btfId === info.id)) : [];
}

function ids(rows: readonly { readonly id: number }[]): number[] {
  return rows.map(({ id }) => id);
}

async function those<T>(all: AsyncIterable<T>, wanted: (each: T) => boolean): Promise<T[]> {
  const found: T[] = [];
  for await (const each of all) if (wanted(each)) found.push(each);
  return found;
}

function textOf({ kind, info, holders, pins, links, hooks, programIds, mapIds }: Details): string {
  const lines = Object.entries(info).map(([name, value]) => line(name, value));
  if (kind === 'link') lines.push(line('where', linkPlace(info)));
  for (const link of links) lines.push(line('link', `${link.id} ${link.type} ${linkPlace(link)}`));
  for (const { section, place } of hooks) lines.push(line('hook', `${section} of ${hookPlace(place)}`));
  for (const { path } of pins) lines.push(line('pinned to', path));
  if (programIds.length > 0) lines.push(line('used by', `programs ${programIds.join(', ')}`));
  if (mapIds.length > 0) lines.push(line('used by', `maps ${mapIds.join(', ')}`));
  for (const { pid, comm, fd, probe } of holders)
    lines.push(
      line('held by', `${comm} (${pid}), descriptor ${fd}${probe ? `, ${probe.type} ${probe.name}` : ''}`),
    );
  return `${kind} ${info.id}\n${lines.join('\n')}\n`;
}

function line(name: string, value: unknown): string {
  const text = value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : shown(value);
  return `  ${name.padEnd(20)} ${escapeLine(text)}`.trimEnd();
}
