/** Programs that attach to nothing, and are counted. */

import { constants } from 'node:os';
import type { AttachArguments } from '../attach/arguments.js';
import { attachError } from '../attach/attach-error.js';
import { type AttachKind, targetOf } from '../attach/attach-kind.js';
import type { Names } from '../attach/fallback-targets.js';
import { kindOf } from '../attach/sections.js';
import { Link } from '../link/link.js';
import { failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import type { Errno, ProgramHandle } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { type LinkOf, Program } from '../program/program.js';
import { StandInHandle } from './front.js';

/** What happened to one program. */
export interface AttachCounts {
  /** Links that it has now. */
  readonly attached: number;
  /** How often it was attached, and detached. */
  readonly attaches: number;
  readonly detaches: number;
  /** What it was attached with, each time; undefined where the section said all. */
  readonly options: readonly unknown[];
}

/** Counts the links of one program. */
export class Attachments extends StandInHandle {
  readonly subject: string;
  readonly #links = new Set<StandInLink>();
  #attaches = 0;
  readonly options: unknown[] = [];
  /** The errno that attaching fails with. */
  refusal: string | undefined;

  constructor(program: string) {
    super();
    this.subject = `program ${program}`;
  }

  get counts(): AttachCounts {
    const [attaches, attached] = [this.#attaches, this.#links.size];
    return { attached, attaches, detaches: attaches - attached, options: [...this.options] };
  }

  /** The link, or why there is none. */
  attach(): StandInLink | Errno {
    if (this.refusal !== undefined) return -errnoOf(this.refusal) as Errno;
    this.#attaches++;
    const link = new StandInLink(this);
    this.#links.add(link);
    return link;
  }

  /** Takes a link away; again: nothing. */
  detach(link: StandInLink): void {
    this.#links.delete(link);
  }

  /** Its object closes. */
  end(): void {
    this.#links.clear();
  }
}

/** One attachment. */
export class StandInLink extends StandInHandle {
  readonly #of: Attachments;

  constructor(of: Attachments) {
    super();
    this.#of = of;
  }

  get subject(): string {
    return `link of ${this.#of.subject}`;
  }

  detach(): number {
    this.#of.detach(this);
    return 0;
  }
}

/** The object that programs are of: closing it detaches them. */
export class StandInObject extends StandInHandle {
  readonly subject = 'object';
  readonly #programs: Iterable<Attachments>;

  constructor(programs: Iterable<Attachments>) {
    super();
    this.#programs = programs;
  }

  close(): number {
    for (const program of this.#programs) program.end();
    return 0;
  }
}

/** A program whose links are counted, and whose attaching a test can let fail. */
export class StandInProgram<Section extends string> extends Program<Section> {
  readonly #attachments: Attachments;

  constructor(attachments: Attachments, state: ObjectState, name: string, section: Section) {
    super(attachments as unknown as ProgramHandle, state, name, section, kindOf(section));
    this.#attachments = attachments;
  }

  override *attachFlow(options?: AttachArguments<Section>[0]): Flow<LinkOf<Section>> {
    const { name, section, state, kind } = this;
    state.use(`attach ${name}`);
    const [link] = yield* job('programAttach', this.nativeHandle);
    if (failed(link)) throw attachError(link, { name, section, kind, options }, '');
    this.#attachments.options.push(options);
    const target = kind && targetNamed(kind, section, options);
    return new (kind?.Link ?? Link)([link], state, name, { target }) as LinkOf<Section>;
  }
}

/** A stand-in has everything: of several names it takes the first. */
function targetNamed(kind: AttachKind, section: string, options: object = {}): string | undefined {
  const { oneOf = '' } = kind;
  const [name = targetOf(kind, section)] = [
    (options as Record<string, Names | undefined>)[oneOf] ?? [],
  ].flat();
  return name;
}

function errnoOf(name: string): number {
  return constants.errno[name as keyof typeof constants.errno] ?? constants.errno.EINVAL;
}
