/** Functions of other programs, whose place a program takes: freplace. */
import * as sections from '../kinds/section-kinds.js';
import { job } from '../native/flow.js';
import type { KernelPlace } from '../native/place.js';
import { type Attacher, type AttachKind, capabilities, configs, fdOf } from './attach-kind.js';
import { describeFreplaceHolder } from './freplace-holder.js';
import { requireOption } from './options-check.js';

/**
 * The function of another program that this one takes the place of.
 *
 * @since Linux 5.6 (bpf_tracing_prog_attach() in kernel/bpf/syscall.c)
 */
export interface FreplaceOptions {
  /** The other program, as `other.programs.main`. */
  readonly program: KernelPlace;
  readonly function: string;
}

const attachFreplace: Attacher<FreplaceOptions> = function* (request, options) {
  const program = requireOption(request, 'program', options.program, 'which program');
  const name = requireOption(request, 'function', options.function ?? request.target, 'which function');
  return [yield* job('programAttachFreplace', request.program, fdOf(program), name)];
};

export const freplace = {
  sections: sections.freplace,
  since: '5.6',
  config: configs.trampoline,
  capabilities: capabilities.replacing,
  bySection: true,
  needsObject: 'libbpf finds the function in the types of the other program',
  needs: ['program', 'function'],
  places: { program: 'program' },
  takes: ['program', 'function'],
  attach: attachFreplace,
  describeHolder: describeFreplaceHolder,
} as const satisfies AttachKind;
