/** Which JavaScript form a C type takes, where there is a choice: by object, by type, by field. */
import { argumentError } from '../errors/arguments.js';
import { meant } from '../errors/nearest.js';

/**
 * Forms of 64-bit integers: exact as `bigint`; `number`, which throws beyond 2^53; `rounded`, a number that is not
 * exact there.
 */
export type NumberForm = 'bigint' | 'number' | 'rounded';

/** All of {@link NumberForm}. */
export const numberForms: readonly NumberForm[] = ['bigint', 'number', 'rounded'];

/**
 * All forms. `bytes` is a Uint8Array of any type, as of a `char[N]` that may not be UTF-8; `text` a string of a
 * `__u8[N]`; `ipv4`, `ipv6` and `mac` an address as text of 4, 16 and 6 bytes; `flags` the names of an enum's set bits.
 */
export type Form = NumberForm | 'bytes' | 'text' | 'ipv4' | 'ipv6' | 'mac' | 'flags';

/** All of {@link Form}. */
export const formNames: readonly Form[] = [...numberForms, 'bytes', 'text', 'ipv4', 'ipv6', 'mac', 'flags'];

/**
 * Choices of forms; what is said of a field comes before what is said of its type, and that before `all`.
 *
 * @example
 * ```ts
 * const forms = { all: 'number', types: { __u64: 'bigint' }, fields: { 'event.saddr': 'ipv4' } };
 * ```
 */
export interface Forms {
  /** For every 64-bit integer; `bigint` by default. */
  readonly all?: NumberForm | undefined;
  /** By name as in C: `__u64`, `struct in6_addr`, `enum flags`. A struct's number form is also that of its fields. */
  readonly types?: Readonly<Record<string, Form>> | undefined;
  /** By struct and member: `event.saddr`; without `struct`. */
  readonly fields?: Readonly<Record<string, Form>> | undefined;
}

const tables = new WeakMap<Forms, FormTable>();

/** Choices by name, which remember those that were asked for. */
export class FormTable {
  readonly all: NumberForm | undefined;
  readonly #types: Readonly<Record<string, Form>>;
  readonly #fields: Readonly<Record<string, Form>>;
  readonly #used = new Set<string>();
  /** All names that the object's types asked for. */
  readonly #asked = new Set<string>();

  /** The table of these choices, the same one each time. */
  static of(forms: Forms): FormTable {
    const table = tables.get(forms) ?? new FormTable(forms);
    tables.set(forms, table);
    return table;
  }

  constructor({ all, types = {}, fields = {} }: Forms) {
    this.all = all;
    this.#types = types;
    this.#fields = fields;
  }

  /** The form of the first of these names that has one. */
  ofType(names: readonly string[]): Form | undefined {
    for (const name of names) this.#asked.add(name);
    return this.#find(this.#types, names, '');
  }

  ofField(struct: string, member: string): Form | undefined {
    this.#asked.add(`${struct}.${member}`);
    return this.#find(this.#fields, [`${struct}.${member}`], 'field ');
  }

  /** @throws BpfError `ERR_BPF_ARGUMENT` for a name that no type has: it is a slip */
  requireUsed(subject: string): void {
    const names = [...Object.keys(this.#types), ...Object.keys(this.#fields).map(name => `field ${name}`)];
    const stray = names.find(name => !this.#used.has(name));
    if (stray === undefined) return;
    const reason = `${stray.replace(/^(field )?/, (_, of) => of ?? 'type ')} is in no type that the object uses`;
    throw argumentError(`choose forms of ${subject}`, reason, this.#meant(stray.replace(/^field /, '')));
  }

  /** A name alone may be a struct's, or a member's: forms are chosen by both, or by a scalar's type. */
  #meant(name: string): string | undefined {
    const bare = name.replace(/^(struct|union) /, '');
    const whole = [...this.#asked].find(each => / /.test(each) && each.endsWith(` ${bare}`));
    if (whole !== undefined && whole !== name) return `is ${whole} meant?`;
    const fields = [...this.#asked].filter(each => each.split('.').includes(bare) && each.includes('.'));
    if (fields.length > 0) return `are ${fields.slice(0, 5).join(', ')} meant?`;
    return meant(name, [...this.#asked]);
  }

  #find(table: Readonly<Record<string, Form>>, names: readonly string[], prefix: string): Form | undefined {
    const name = names.find(each => Object.hasOwn(table, each));
    if (name === undefined) return undefined;
    this.#used.add(`${prefix}${name}`);
    return table[name];
  }
}

/** True for the forms that integers may have. */
export function isNumberForm(form: Form | undefined): form is NumberForm {
  return numberForms.some(each => each === form);
}
