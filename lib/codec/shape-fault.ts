/** Why a type has no shape, or not the one that was asked for. */
import type { Btf, BtfType } from '../btf/index.js';
import { argumentError } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Form } from './forms.js';

/** `choose forms of x.bpf.o: ERR_BPF_ARGUMENT, int unsigned short, BTF type 5, cannot be read as ipv4`. */
export function unfitForm({ subject }: Btf, type: BtfType, form: Form): BpfError {
  return argumentError(
    `choose forms of ${subject}`,
    `${named(type)}, BTF type ${type.id}, cannot be read as ${form}`,
  );
}

/** `read x.bpf.o: ERR_BPF_BTF, BTF type 7, struct a, contains itself`. */
export function refused({ subject }: Btf, type: BtfType, why: string): BpfError {
  const reason = `BTF type ${type.id}, ${named(type)}, ${why}`;
  return new BpfError({ code: 'ERR_BPF_BTF', operation: `read ${subject}`, reason });
}

/** Values in one type beyond which it is refused, unless it really has so many bytes: a small hostile one could hang. */
const mostValues = 1_000_000;

/** @throws BpfError `ERR_BPF_BTF` for a type of few bytes and many values */
export function requireFewValues(btf: Btf, type: BtfType, values: number, size: number): void {
  if (values <= mostValues || values <= size * 8) return;
  throw refused(btf, type, `has ${values} values in ${size} bytes`);
}

function named({ kind, name }: BtfType): string {
  return `${kind} ${name}`.trimEnd();
}
