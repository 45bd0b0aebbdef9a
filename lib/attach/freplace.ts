/** Functions of other programs, whose place a program takes: freplace. */
import { job } from '../native/flow.js';
import { type Attacher, type AttachKind, capabilities, configs } from './attach-kind.js';
import { requireOption } from './options-check.js';

/** The function of another program that this one takes the place of. */
export interface FreplaceOptions {
  /** The other program's descriptor, as `other.programs.main.fd`. */
  readonly targetFd: number;
  readonly function: string;
}

const attachFreplace: Attacher<FreplaceOptions> = function* (request, options) {
  const targetFd = requireOption(request, 'targetFd', options.targetFd, 'which program');
  const name = requireOption(request, 'function', options.function ?? request.target, 'which function');
  return [yield* job('programAttachFreplace', request.program, targetFd, name)];
};

export const freplace = {
  sections: ['freplace+'],
  since: '5.6',
  config: configs.trampoline,
  capabilities: capabilities.replacing,
  bySection: true,
  needs: ['targetFd', 'function'],
  attach: attachFreplace,
} as const satisfies AttachKind;
