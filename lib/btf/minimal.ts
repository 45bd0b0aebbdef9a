/** The types of a kernel that some objects need for CO-RE, and nothing else: a few KB instead of MB. */
import { requireList, requireMethod } from '../errors/arguments.js';
import type { Btf } from './btf.js';
import type { Relocation } from './btf-ext.js';
import { recordOf } from './btf-record.js';
import { BtfWriter } from './btf-writer.js';
import { malformedBtf } from './malformed.js';
import type { BtfKind, BtfMember, BtfStruct, BtfType } from './type.js';

/**
 * Raw BTF that has what the relocations of these objects look up in a kernel's: the members on their way, with their
 * offsets. A file of it stands in for the kernel's own types on one without BTF: `load('x.bpf.o', {}, { btf })`.
 *
 * @param kernel - the types of the kernel that the objects are to run on
 * @param objects - the types of the objects, with their `.BTF.ext`
 *
 * @example
 * ```ts
 * const object = Btf.fromBytes(readFileSync('x.bpf.o'), 'x.bpf.o');
 * writeFileSync('5.10.btf', minimalBtf(Btf.fromBytes(readFileSync('vmlinux'), 'vmlinux'), [object]));
 * ```
 */
export function minimalBtf(kernel: Btf, objects: readonly Btf[]): Uint8Array {
  requireList('cut down types', 'objects', objects);
  for (const types of [kernel, ...objects]) requireMethod('cut down types', types, 'type', 'types are a Btf');
  const selection = new Selection(kernel);
  for (const object of objects) {
    for (const relocation of object.ext.relocations) selection.take(object, relocation);
  }
  return selection.write();
}

/** A member by name, or an element of an array. */
type Step = string | typeof element;
const element = Symbol('element');

/** Longest way from a type to a member. */
const longest = 64;

/** Types and members that were asked for. */
class Selection {
  readonly #kernel: Btf;
  readonly #types = new Set<number>();
  /** Of structs and unions: indices of their members. */
  readonly #members = new Map<number, Set<number>>();

  constructor(kernel: Btf) {
    this.#kernel = kernel;
  }

  /** Takes what one relocation may find. */
  take(object: Btf, { type, access, kind }: Relocation): void {
    if (kind === 'type_id_local') return;
    const local = object.type(kind.startsWith('field') ? object.resolve(type) : type);
    const steps = kind.startsWith('field') ? stepsOf(object, type, access) : [];
    for (const id of this.#candidates(local)) {
      if (kind.startsWith('field')) this.#takePath(id, steps);
      else this.#takeType(id, true);
    }
  }

  /**
   * Types of the same kind and name; `struct x___v2` of an object is the kernel's `struct x`
   * (bpf_core_essential_name_len() in libbpf's relo_core.c).
   */
  #candidates({ kind, name }: BtfType): readonly number[] {
    const essential = name.replace(/___.*$/s, '');
    const kinds: readonly BtfKind[] = kind === 'enum' || kind === 'enum64' ? ['enum', 'enum64'] : [kind];
    return kinds.flatMap(each => this.#kernel.findAll(each, essential));
  }

  #takePath(root: number, steps: readonly Step[]): void {
    const found: [struct: number, member: number][] = [];
    let at = root;
    for (const step of steps) {
      const next = step === element ? this.#elementOf(at) : this.#memberOf(at, step, found, new Set());
      if (next === undefined) return;
      at = next;
    }
    this.#takeType(root, false);
    for (const [struct, member] of found) this.#takeMember(struct, member);
  }

  #elementOf(id: number): number | undefined {
    const type = this.#kernel.type(this.#kernel.resolve(id));
    return type.kind === 'array' ? type.type : undefined;
  }

  /** Type of the member; the way to it through anonymous structs is added to `found`. */
  #memberOf(id: number, name: string, found: [number, number][], seen: Set<number>): number | undefined {
    const type = this.#kernel.type(this.#kernel.resolve(id));
    if (!('members' in type) || seen.has(type.id) || seen.size > 1000) return undefined;
    seen.add(type.id);
    for (const [index, member] of type.members.entries()) {
      if (member.name !== '' && member.name !== name) continue;
      const way: [number, number][] = [];
      const at = member.name === name ? member.type : this.#memberOf(member.type, name, way, seen);
      if (at === undefined) continue;
      found.push([type.id, index], ...way);
      return at;
    }
    return undefined;
  }

  #takeMember(struct: number, index: number): void {
    const type = this.#kernel.type(struct) as BtfStruct;
    this.#takeType(struct, false);
    this.#members.get(struct)?.add(index);
    this.#takeType(type.members[index]?.type ?? 0, false);
  }

  /** Takes a type and what stands in it by name; members of structs are taken one by one. */
  #takeType(id: number, throughPointers: boolean, depth = 0): void {
    if (id === 0 || this.#types.has(id) || depth > longest) return;
    const type = this.#kernel.type(id);
    this.#types.add(id);
    if ('members' in type) this.#members.set(id, new Set());
    const next = (each: number) => this.#takeType(each, throughPointers, depth + 1);
    if (type.kind === 'array') next(type.indexType);
    if (type.kind === 'func_proto') for (const param of type.params) next(param.type);
    if ('type' in type && (type.kind !== 'ptr' || throughPointers)) next(type.type);
  }

  /** The selection as raw BTF, in the kernel's order. */
  write(): Uint8Array {
    const writer = new BtfWriter(this.#kernel.littleEndian);
    const ids = [...this.#types].sort((a, b) => a - b);
    const places = new Map(ids.map((id, i) => [id, i + 1]));
    const renumber = (id: number) => places.get(id) ?? 0;
    for (const id of ids) writer.add(recordOf(this.#kernel.type(id), renumber, this.#members.get(id)));
    return writer.bytes();
  }
}

/** The way that an access string describes, from its type on. */
function stepsOf(object: Btf, root: number, access: string): Step[] {
  const [, ...indices] = access.split(':').map(Number);
  const steps: Step[] = [];
  let at = object.resolve(root);
  for (const index of indices) {
    const type = object.type(object.resolve(at));
    const member: BtfMember | undefined = 'members' in type ? type.members[index] : undefined;
    if (type.kind !== 'array' && !member) throw badAccess(object, root, access);
    if (type.kind === 'array') steps.push(element);
    else if (member?.name) steps.push(member.name);
    at = type.kind === 'array' ? type.type : (member?.type ?? 0);
  }
  return steps;
}

function badAccess(object: Btf, root: number, access: string): Error {
  const reason = `a relocation of BTF type ${root} by ${JSON.stringify(access)}, which leads nowhere`;
  return malformedBtf(object.subject, reason);
}
