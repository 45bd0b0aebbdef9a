/** Whatever a generated module imports is there to be imported. */
import { expect, it } from 'vitest';
import { attachKinds } from '../../../lib/attach/table.js';
import { moduleDoor, vocabulary } from '../../../lib/gen/vocabulary.js';
import { mapKinds, mapRowNames } from '../../../lib/kinds/map-kinds.js';
import { programKindName, programKindNames } from '../../../lib/kinds/program-kinds.js';

const door = (await import(moduleDoor)) as Readonly<Record<string, unknown>>;

it('the door exports every name that generated modules import, and no other', () => {
  expect(Object.keys(door).sort()).toEqual(vocabulary.filter(name => name !== 'ValueOf').sort());
});

it('each way to attach has the sections that its name stands for', () => {
  const named = Object.entries(attachKinds).map(([kind, row]) => [programKindName(kind), row.sections]);
  expect(new Map(named as [string, readonly string[]][])).toEqual(programKindNames);
  for (const [kind, { sections }] of Object.entries(attachKinds))
    expect(door[programKindName(kind)]).toMatchObject({ sections });
});

it('each kind of map has the row of its face', () => {
  for (const { face } of Object.values(mapKinds)) expect(door[mapRowNames[face]]).toMatchObject({ face });
});
