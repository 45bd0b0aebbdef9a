/** What programs that are called are given: the struct that the first parameter points to. */
import type { Btf } from '../btf/index.js';
import { type FormTable, type Shape, shapeOf } from '../codec/index.js';
import type { ProgramModel } from './model.js';

/** The context of one program. */
export interface ContextModel {
  readonly program: string;
  readonly shape: Shape;
}

/** Of syscall programs; one whose parameter is `void *` says no type. */
export function readContexts(
  btf: Btf,
  programs: readonly ProgramModel[],
  forms: FormTable,
): readonly ContextModel[] {
  return programs.flatMap(({ name, section }) => {
    const id = section === 'syscall' ? contextType(btf, name) : undefined;
    return id === undefined ? [] : [{ program: name, shape: shapeOf(btf, id, { forms, tail: false }) }];
  });
}

function contextType(btf: Btf, program: string): number | undefined {
  const id = btf.find('func', program);
  const func = id === undefined ? undefined : btf.type(id);
  const proto = func?.kind === 'func' ? btf.type(func.type) : undefined;
  const parameter = proto?.kind === 'func_proto' ? proto.params[0]?.type : undefined;
  const pointer = parameter === undefined ? undefined : btf.type(btf.resolve(parameter));
  const target = pointer?.kind === 'ptr' ? btf.resolve(pointer.type) : undefined;
  return target !== undefined && btf.type(target).kind === 'struct' ? target : undefined;
}
