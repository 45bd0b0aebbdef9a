/** Whatever a generated module imports is there to be imported. */
import { expect, it } from 'vitest';
import { vocabulary } from '../../../lib/gen/vocabulary.js';

it.each([...vocabulary])('%s exports every name that generated modules import', async (door, names) => {
  const library = await import(door);
  const values = names.filter(name => name !== 'ValueOf');
  expect(values.filter(name => !(name in library))).toEqual([]);
});
