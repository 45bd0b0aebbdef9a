/** Whatever a generated module imports is there to be imported. */
import { expect, it } from 'vitest';
import { vocabulary } from '../../../lib/gen/vocabulary.js';
import * as library from '../../../lib/index.js';

it('the library exports every name that generated modules import', () => {
  const values = vocabulary.filter(name => name !== 'ValueOf');
  expect(values.filter(name => !(name in library))).toEqual([]);
});
