/** What keeps a link attached beside its handle: a pin, another process, or a disconnect. */
import type { Flow } from '../native/flow.js';
import type { ObjectState } from '../native/owner.js';
import type { LinkHandles } from './link-handles.js';
import { LinkPin } from './link-pin.js';

/** What is known of a link that was not attached here. */
export interface LinkOrigin {
  /** The file that it was opened from. */
  readonly pinPath?: string;
  /** Opened by its number: others hold it. */
  readonly foreign?: boolean;
}

/** Pins a link, and takes it out of its hook where closing it would not. */
export class LinkHold {
  readonly #handles: LinkHandles;
  readonly #pin: LinkPin;
  readonly #foreign: boolean;
  #disconnected = false;

  constructor(handles: LinkHandles, object: ObjectState, { pinPath, foreign = false }: LinkOrigin) {
    this.#handles = handles;
    this.#pin = new LinkPin(object, pinPath);
    this.#foreign = foreign;
  }

  get path(): string | undefined {
    return this.#pin.path;
  }

  /** True where the attachment outlives its handle. */
  get isElsewhere(): boolean {
    return this.#handles.via === 'link' && (this.#pin.wasMade || this.#foreign || this.#disconnected);
  }

  *pin(operation: string, path: string): Flow<void> {
    yield* this.#pin.make(this.#handles.only(operation), path, operation);
  }

  *unpin(operation: string): Flow<void> {
    yield* this.#pin.remove(this.#handles.only(operation), operation);
  }

  disconnect(operation: string): void {
    this.#handles.disconnect(operation);
    this.#disconnected = true;
  }

  /** Takes the program out of its hook, also while others hold the link. */
  *detach(operation: string): Flow<void> {
    yield* this.#handles.detach(operation, this.#pin.wasMade);
    if (this.path !== undefined) yield* this.#pin.remove(this.#handles.only(operation), operation, true);
  }
}
