/** `--type` and `--form`: what an object does not say about itself, and how its C types look in JavaScript. */

import { UsageError } from '../command/command.js';
import { formNames, numberForms } from '../doors/codec.js';
import type { ModelOptions } from '../doors/gen.js';
import { pairs } from './settings.js';

/** The options of commands that write modules. */
export const choices = {
  type: {
    type: 'string',
    multiple: true,
    value: 'MAP=TYPE',
    help: "the C type of a ring's records, where the object does not say it: events='struct event'",
  },
  form: {
    type: 'string',
    multiple: true,
    value: 'NAME=FORM',
    help: `type, field or all as ${formNames.join(', ')}: x.ip=ipv4`,
  },
} as const;

/**
 * The choices that were typed.
 *
 * @throws UsageError for a form that there is not
 */
export function chosen(
  command: string,
  { type = [], form = [] }: { readonly type?: string[] | undefined; readonly form?: string[] | undefined },
): ModelOptions {
  const given = pairs(command, 'form', form);
  const some = (wanted: (name: string) => boolean) =>
    Object.fromEntries(
      given.flatMap(([name, text]) => (wanted(name) ? [[name, oneOf(command, formNames, name, text)]] : [])),
    );
  const all = given.findLast(([name]) => name === 'all');
  return {
    types: Object.fromEntries(pairs(command, 'type', type)),
    forms: {
      ...(all && { all: oneOf(command, numberForms, ...all) }),
      types: some(name => name !== 'all' && !name.includes('.')),
      fields: some(name => name.includes('.')),
    },
  };
}

function oneOf<const F extends string>(command: string, forms: readonly F[], name: string, value: string): F {
  const form = forms.find(each => each === value);
  if (form !== undefined) return form;
  throw new UsageError(command, `--form ${name} takes ${forms.join(', ')}, not ${value}`);
}
