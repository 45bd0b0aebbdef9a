/** `libbpf-ts list`: all that is in the kernel. */

import { command, UsageError } from '../command/command.js';
import { print } from '../command/output.js';
import { replacer } from '../doors/codec.js';
import { type Listing, type ListingName, listings, tableOf } from './listings.js';

const usual: readonly ListingName[] = ['programs', 'maps', 'links', 'btfs'];

export const list = command({
  name: 'list',
  summary: 'list programs, maps, links, types, hooks and who holds them',
  usage: '[WHAT…]',
  about: [
    'programs, maps, links, btfs   what is in the kernel, of all processes; all four without WHAT',
    'hooks                         programs of cgroups, sockmaps, netfilter, and of the interfaces of this network namespace',
    'pins                          files of BPF file systems that hold them',
    'holders                       processes with descriptors of them; what cannot be seen is said',
  ],
  options: { json: { type: 'boolean', help: 'as one JSON object, each kind by its name' } },
  operands: [0, Number.POSITIVE_INFINITY],
  examples: ['list', 'list programs hooks', "list maps --json | jq '.maps[] | select(.memory > 1e6)'"],
  async run({ options: { json }, operands }) {
    const kinds = operands.length === 0 ? usual : operands.map(known);
    const found: Partial<Record<ListingName, readonly unknown[]>> = {};
    for (const kind of kinds) found[kind] = await listings[kind].rows();
    if (json) return print(`${JSON.stringify(found, replacer, 2)}\n`);
    const tables = kinds.map(kind => textOf(kind, found[kind] ?? []));
    return print(tables.join('\n'));
  },
});

function textOf(kind: ListingName, rows: readonly unknown[]): string {
  const listing = listings[kind] as unknown as Listing<unknown>;
  return rows.length === 0 ? `no ${kind}\n` : tableOf(listing, rows);
}

function known(word: string): ListingName {
  if (Object.hasOwn(listings, word)) return word as ListingName;
  throw new UsageError('list', `there are no ${word} to list; there are ${Object.keys(listings).join(', ')}`);
}
