/** A script that runs: loaded, attached, read to its end. */
import type { Closable, IterLink, LoadedObject } from '../../index.js';
import { openSymbolizer, type Symbolizer } from '../../symbols/index.js';
import type { CompiledProbe, CompiledScript } from '../compile.js';
import { controlMap, ringMap } from '../lower/map-names.js';
import { Names } from '../print/names.js';
import { type ActionContext, actionOf, mapEvent, perform, readRecord } from './actions.js';
import { inOrder, isRunHere } from './attach.js';
import type { TraceEvent, TraceLoss } from './events.js';
import { attachIterators } from './iterators.js';
import { lossesOf } from './losses.js';
import { thisMachinesNames } from './machine.js';
import { RunningMaps } from './maps.js';
import { attachProbe, hasKind, isOver, loadPrograms, programOf, runAll } from './programs.js';

export interface SessionOptions {
  readonly pid?: number | undefined;
  readonly binaryPath: (name: string) => string;
}

export class TraceSession {
  readonly script: CompiledScript;
  readonly #maps: RunningMaps;
  readonly #object: LoadedObject;
  readonly #symbols: Symbolizer;
  readonly #context: ActionContext;
  readonly #ending = new AbortController();
  #exitCode = 0;
  #hasExited = false;
  #links: readonly IterLink[] = [];
  readonly #attached: Closable[] = [];
  #closing: Promise<void> | undefined;
  /** Things to do when it ends, as to take listeners away. */
  readonly #leave: (() => void)[] = [];

  private constructor(script: CompiledScript, maps: RunningMaps, object: LoadedObject) {
    this.script = script;
    this.#maps = maps;
    this.#object = object;
    this.#symbols = openSymbolizer();
    this.#context = { script, maps, names: new Names(thisMachinesNames(this.#symbols)) };
  }

  /** Loads it, runs what begins it, and attaches the rest. @throws BpfError, and nothing stays attached */
  static async start(script: CompiledScript, options: SessionOptions): Promise<TraceSession> {
    const maps = await RunningMaps.create(script.maps);
    try {
      const session = new TraceSession(script, maps, await loadPrograms(script, maps));
      await session.#begin(options).catch(error => session.#fail(error));
      return session;
    } catch (error) {
      await maps.close();
      throw error;
    }
  }

  /** How many records programs could not write, because the ring buffer was full. */
  get lost(): number {
    return this.losses.reduce((sum, { map, count }) => (map === undefined ? sum + count : sum), 0);
  }

  /** What was lost so far, where in the script. */
  get losses(): TraceLoss[] {
    return lossesOf(this.script, this.#maps);
  }

  /** What `exit()` was called with. */
  get exitCode(): number {
    return this.#exitCode;
  }

  get context(): ActionContext {
    return this.#context;
  }

  /** Ends it: what was said by then, and the script's own end, still come. */
  stop(): void {
    this.#ending.abort();
  }

  /** What it says, to its end. The maps come last. */
  async *events(): AsyncGenerator<TraceEvent, undefined> {
    const control = this.#watchControl();
    const iterated = this.#iterate();
    yield* this.#readRing();
    await control;
    await iterated;
    yield* this.#finish();
  }

  /** Again: the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  closeSync(): void {
    if (this.#closing !== undefined) return;
    this.#closing = Promise.resolve();
    this.#end();
    this.#object.closeSync();
    this.#maps.closeSync();
    this.#symbols.closeSync();
  }

  async #close(): Promise<void> {
    this.#end();
    await this.#object.close();
    await this.#maps.close();
    await this.#symbols.close();
  }

  #end(): void {
    this.stop();
    for (const leave of this.#leave) leave();
  }

  async #begin(options: SessionOptions): Promise<void> {
    runAll(this.script, this.#object, 'begin');
    for (const probe of inOrder(this.script.probes)) {
      if (probe.plan.trigger.kind === 'signal') this.#onSignal(probe, probe.plan.trigger.signal);
      else if (!isRunHere(probe.plan.trigger))
        this.#attached.push(...(await attachProbe(this.script, this.#object, probe, options)));
    }
    if (hasKind(this.script, 'iter')) this.#links = await attachIterators(this.script, this.#object);
    else if (isOver(this.script)) this.stop();
  }

  /** Runs iterators once, one after the other, beside who reads what they say. */
  async #iterate(): Promise<void> {
    for (const link of this.#links) if (!this.#ending.signal.aborted) await link.text();
    if (this.#links.length > 0 && isOver(this.script)) this.stop();
  }

  #onSignal({ name }: CompiledProbe, signal: string): void {
    const run = () => void programOf(this.#object, name).testRunSync();
    process.on(signal as NodeJS.Signals, run);
    this.#leave.push(() => process.off(signal as NodeJS.Signals, run));
  }

  /** `exit()` has a ring of its own: what else a script says cannot keep it out. */
  async #watchControl(): Promise<void> {
    const ring = this.#maps.ring(controlMap);
    try {
      for await (const record of ring.events({ signal: this.#ending.signal })) {
        await this.#exit(record);
        return;
      }
    } catch (error) {
      if (!this.#ending.signal.aborted) throw error;
      for (const record of ring.drain()) await this.#exit(record);
    }
  }

  async #exit(record: Uint8Array): Promise<void> {
    const { values } = await readRecord(record, this.#context);
    this.#exitCode = Number(values[0] ?? 0n);
    this.stop();
  }

  async *#readRing(): AsyncGenerator<TraceEvent> {
    const ring = this.#maps.ring(ringMap);
    try {
      for await (const record of ring.events({ signal: this.#ending.signal })) {
        if (await this.#isExit(record)) return;
        yield* this.#perform(record);
      }
    } catch (error) {
      if (!this.#ending.signal.aborted) throw error;
    }
  }

  async *#perform(record: Uint8Array): AsyncGenerator<TraceEvent> {
    const event = await perform(record, this.#context);
    if (event !== undefined) yield event;
  }

  /** What was said behind it, by other programs, is not said any more. */
  async #isExit(record: Uint8Array): Promise<boolean> {
    if (actionOf(record, this.script)?.kind !== 'exit') return false;
    this.#hasExited = true;
    await this.#exit(record);
    return true;
  }

  /** Nothing is attached any more when the end's programs run. */
  async *#finish(): AsyncGenerator<TraceEvent> {
    for (const link of this.#attached.splice(0)) await link.close();
    yield* this.#drain();
    this.#hasExited = false;
    runAll(this.script, this.#object, 'end');
    yield* this.#drain();
    if (!this.script.settings.print_maps_on_exit) return;
    for (const name of this.#maps.names) {
      const event = await mapEvent(this.#context, name, { isFinal: true });
      if (event.elements.length > 0) yield event;
    }
  }

  async *#drain(): AsyncGenerator<TraceEvent> {
    const ring = this.#maps.ring(ringMap);
    for (let records = ring.drain(); records.length > 0; records = ring.drain())
      for (const record of records)
        if (!this.#hasExited && !(await this.#isExit(record))) yield* this.#perform(record);
  }

  async #fail(error: unknown): Promise<never> {
    await this.close();
    throw error;
  }
}
