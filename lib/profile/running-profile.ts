/** A profile that is being made. */
import { BpfError } from '../errors/bpf-error.js';
import type { Closable } from '../index.js';
import { modes } from './modes.js';
import { Profile } from './profile.js';
import type { Recorder, RecorderSettings } from './recorder.js';

/** Between two looks at new stacks, in milliseconds. */
const pace = 100;

/** A profile that goes on until {@link RunningProfile.stop}. Closing it gives it up. */
export class RunningProfile implements Closable {
  readonly #recorder: Recorder;
  readonly #settings: RecorderSettings;
  readonly #startedAt = Date.now();
  readonly #begun = performance.now();
  readonly #timer: NodeJS.Timeout;
  /** One look after the other. */
  #looks: Promise<void> = Promise.resolve();
  #isLooking = false;
  #profile: Promise<Profile> | undefined;
  #closed = false;

  private constructor(recorder: Recorder, settings: RecorderSettings) {
    this.#recorder = recorder;
    this.#settings = settings;
    this.#timer = setInterval(() => this.#look(), pace);
  }

  /** @internal */
  static of(recorder: Recorder, settings: RecorderSettings): RunningProfile {
    return new RunningProfile(recorder, settings);
  }

  /** True from the moment that it ends. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Of a profile by `startedBy`: the processes that were started and live. */
  processes(): number[] {
    this.#requireOpen('list processes of a profile');
    return this.#recorder.processes();
  }

  /**
   * What was measured until now; it goes on.
   *
   * @throws BpfError `ERR_BPF_CLOSED` where it has ended
   */
  async read(): Promise<Profile> {
    this.#requireOpen('read a profile');
    return this.#take(performance.now() - this.#begun);
  }

  /**
   * Ends it, and gives what was measured. Again: the same.
   *
   * @throws BpfError `ERR_BPF_CLOSED` where it was closed before
   */
  stop(): Promise<Profile> {
    if (!this.#profile) this.#requireOpen('stop a profile');
    this.#profile ??= this.#finish();
    return this.#profile;
  }

  /** Ends it. Without {@link RunningProfile.stop} before there is no result. */
  async close(): Promise<void> {
    this.#end();
    await this.#profile?.catch(() => {});
    await this.#looks;
    await this.#recorder.close();
  }

  /** {@link RunningProfile.close} on this thread. */
  closeSync(): void {
    this.#end();
    this.#recorder.closeSync();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #end(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#looks = this.#recorder
      .look()
      .catch(() => {}) // the last look meets what is wrong again
      .finally(() => {
        this.#isLooking = false;
      });
  }

  async #finish(): Promise<Profile> {
    this.#end();
    const duration = performance.now() - this.#begun;
    await this.#looks;
    try {
      await this.#recorder.stop();
      return await this.#take(duration);
    } finally {
      await this.#recorder.close();
    }
  }

  async #take(duration: number): Promise<Profile> {
    const stacks = await this.#recorder.stacks();
    const { mode, frequency } = this.#settings;
    const { unit, isSampled } = modes[mode];
    const details = { unit, startedAt: this.#startedAt, duration, lost: this.#recorder.lost };
    return Profile.of(stacks, isSampled ? { ...details, frequency } : details);
  }

  #requireOpen(operation: string): void {
    if (!this.#closed) return;
    const reason = this.#profile
      ? 'it has ended, stop() gives its result'
      : 'it was closed, and has no result';
    throw new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason });
  }
}
