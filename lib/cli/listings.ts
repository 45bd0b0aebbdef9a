/** What can be listed of the kernel: how each kind is got, and its table. */

import { warn } from '../command/output.js';
import type { BtfInfo, Holder, OccupiedHook, Pin } from '../doors/inspect.js';
import { btfs, holders, hooks, linkPlace, links, maps, pins, programs } from '../doors/inspect.js';
import type { LinkInfo, MapInfo, ProgramInfo } from '../index.js';
import { type Column, table } from './columns.js';
import { hookPlace } from './hook-place.js';

/** One kind: its rows, as JSON has them, and as a table. */
export interface Listing<Row> {
  rows(): Promise<readonly Row[]>;
  readonly columns: readonly Column<Row>[];
}

/** Rows as text, with the titles above them. */
export function tableOf<Row>({ columns }: Pick<Listing<Row>, 'columns'>, rows: readonly Row[]): string {
  return `${table(columns, rows).join('\n')}\n`;
}

async function all<T>(found: AsyncIterable<T>): Promise<T[]> {
  const rows: T[] = [];
  for await (const row of found) rows.push(row);
  return rows;
}

const programListing: Listing<ProgramInfo> = {
  rows: () => all(programs()),
  columns: [
    ['ID', ({ id }) => id],
    ['TYPE', ({ type }) => type],
    ['NAME', ({ name }) => name],
    ['TAG', ({ tag }) => tag],
    ['XLATED', ({ xlatedSize }) => xlatedSize],
    ['JITED', ({ jitedSize }) => jitedSize],
    ['MEMORY', ({ memory }) => memory],
    ['UID', ({ uid }) => uid],
    ['LOADED', ({ loadedAt }) => loadedAt.toISOString().slice(0, 19)],
    ['MAPS', ({ mapIds }) => mapIds.join(',')],
  ],
};

const mapListing: Listing<MapInfo> = {
  rows: () => all(maps()),
  columns: [
    ['ID', ({ id }) => id],
    ['KIND', ({ kind }) => kind],
    ['NAME', ({ name }) => name],
    ['KEY', ({ keySize }) => keySize],
    ['VALUE', ({ valueSize }) => valueSize],
    ['ENTRIES', ({ maxEntries }) => maxEntries],
    ['MEMORY', ({ memory }) => memory],
    ['FLAGS', ({ flags }) => flags.join(' ')],
    ['', ({ frozen }) => (frozen ? 'frozen' : '')],
  ],
};

const linkListing: Listing<LinkInfo> = {
  rows: () => all(links()),
  columns: [
    ['ID', ({ id }) => id],
    ['TYPE', ({ type }) => type],
    ['PROGRAM', ({ programId }) => programId],
    ['WHERE', linkPlace],
  ],
};

const btfListing: Listing<BtfInfo> = {
  rows: () => all(btfs()),
  columns: [
    ['ID', ({ id }) => id],
    ['SIZE', ({ size }) => size],
    ['NAME', ({ name }) => name],
  ],
};

const hookListing: Listing<OccupiedHook> = {
  rows: () => all(hooks()),
  columns: [
    ['SECTION', ({ section }) => section],
    ['WHERE', ({ place }) => hookPlace(place)],
    ['PROGRAMS', hook => hook.programs.map(({ programId, name }) => `${programId} ${name}`).join(', ')],
  ],
};

const holderListing: Listing<Holder> = {
  rows: async () => {
    const { holdings, hidden } = await holders();
    for (const reason of hidden) warn(`there may be more: ${reason}\n`);
    return holdings;
  },
  columns: [
    ['PID', ({ pid }) => pid],
    ['COMM', ({ comm }) => comm],
    ['FD', ({ fd }) => fd],
    ['HOLDS', ({ kind }) => kind],
    ['ID', ({ id }) => id],
    ['', ({ probe }) => (probe === undefined ? '' : `${probe.type} ${probe.name}`)],
  ],
};

const pinListing: Listing<Pin> = {
  rows: () => all(pins()),
  columns: [
    ['HOLDS', ({ kind }) => kind],
    ['ID', ({ id }) => id],
    ['PATH', ({ path }) => path],
  ],
};

/** By what is typed; the first four are what there is, the others where it is and who has it. */
export const listings = {
  programs: programListing,
  maps: mapListing,
  links: linkListing,
  btfs: btfListing,
  hooks: hookListing,
  holders: holderListing,
  pins: pinListing,
} as const;

/** The word for one. */
export type ListingName = keyof typeof listings;
