/** One run of a tool: what was asked for, and the course that all tools take. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Input, type Options, UsageError } from '../command/command.js';
import { print, warn } from '../command/output.js';
import { replacer } from '../doors/codec.js';
import type { Link } from '../index.js';
import { attachTracing, detach, type TreePrograms } from './attaching.js';
import { columnsOf, type StandardColumn, type ToolColumn, timeText } from './columns.js';
import type { TaskFilters } from './filters.js';
import { headedHistogram } from './histograms.js';
import { identify, noProcess, withIdentity } from './identified-rows.js';
import { counted, troubles } from './losses.js';
import { wholeNumber } from './numbers.js';
import { type ProfileSettings, runProfile } from './profile-course.js';
import { printList, RowPrinter } from './row-printer.js';
import type { SessionParts } from './session-parts.js';
import { type ProcessTree, StartedCommand } from './started-command.js';
import type {
  EventRows,
  IntervalHistograms,
  IntervalRows,
  ListedRows,
  TracedEvents,
  TracingObject,
  TracingOptions,
} from './tracing.js';
import { type OpenedForTracing, type Tracing, traceByFirstWay } from './ways.js';

/** One run of a tool. */
export class ToolSession<O extends Options = Options> {
  readonly #parts: SessionParts;
  #tracing: Tracing<TracingObject> | undefined;

  /** @internal */
  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** The tool's own options, as they were typed. */
  get options(): Input<O>['options'] {
    return this.#parts.input.options as Input<O>['options'];
  }

  /** A whole number that was typed for an option; undefined where it was not given. @throws UsageError for anything else */
  number(option: keyof O & string, least = 1): number | undefined {
    return wholeNumber(this.#parts.tool, option, this.options[option] as string | undefined, least);
  }

  /** Constants of `FILTER_TASKS()`: `load({ rodata: session.filters })`. */
  get filters(): TaskFilters {
    return this.#parts.filters;
  }

  /** Whether lines are JSON. */
  get json(): boolean {
    const { json } = this.#parts.input.options as { readonly json?: boolean };
    return json === true;
  }

  /** Aborts at the end: by a signal, after `--duration`, with the command, or after `--count`. */
  get signal(): AbortSignal {
    return this.#parts.ending.signal;
  }

  /**
   * Loads what `ways` of the tool tell of, by the first way that works here or the one that `--by` names, and attaches it.
   *
   * @param open - called for each way that is tried
   * @throws BpfError with what each way was refused for
   */
  async load<Loaded extends TracingObject & AsyncDisposable>(
    open: () => Promise<OpenedForTracing<Loaded>>,
  ): Promise<Loaded> {
    const { tool, ways = {}, input } = this.#parts;
    const { by } = input.options as { readonly by?: string };
    const tracing = await traceByFirstWay(tool, ways, by, open);
    this.#tracing = tracing;
    return tracing.object;
  }

  /**
   * Attaches, starts the command, and prints a row for each event until the end; then detaches, prints what is left, and
   * says on standard error what was lost.
   */
  async follow<Event, Row extends object>(
    object: TracingObject,
    events: TracedEvents<Event>,
    how: EventRows<Event, Row>,
  ): Promise<void> {
    const rows = new RowPrinter(this.#columns(how.columns), this.json);
    const { count: most = Number.POSITIVE_INFINITY, ending } = this.#parts;
    const show = (event: Event) => {
      const row = rows.count < most ? how.row(event) : undefined;
      if (row !== undefined) rows.row(this.#identified(row));
      if (rows.count >= most) ending.now();
    };
    const links = await this.#attach(object, how);
    rows.titles();
    this.#startCommand(object);
    await eachUntil(this.signal, events.events({ signal: this.signal }), show);
    await detach(links);
    events.drain().forEach(show);
    const { dropped = 0 } = events.stats();
    warn(`${[counted(rows.count, 'row'), `${dropped} lost`, ...troubles(object, how)].join('; ')}\n`);
  }

  /** Prints what is there as a table, and on standard error what it does not show. */
  list<Row extends object>(listed: ListedRows<Row>): void {
    const rows = listed.rows.map(row => this.#identified(row));
    printList({ ...listed, rows, columns: this.#columns(listed.columns) }, this.json);
  }

  /** Attaches, starts the command, and prints a table each interval, or one at the end. */
  measureRows<Row extends object>(object: TracingObject, how: IntervalRows<Row>): Promise<void> {
    const columns = this.#columns(how.columns);
    return this.#measure(object, how, async time => {
      const rows = await how.read();
      const printer = new RowPrinter<Row & { time?: Date }>(columns, this.json);
      printer.titles();
      for (const row of rows.map(row => this.#identified(row)))
        printer.row(this.json ? { time, ...row } : row);
    });
  }

  /** Attaches, starts the command, and prints histograms each interval, or once at the end. */
  measureHistograms(object: TracingObject, how: IntervalHistograms): Promise<void> {
    const { unit } = how;
    if (this.#parts.processes) throw new UsageError(this.#parts.tool, noProcess);
    return this.#measure(object, how, async time => {
      for (const histogram of await how.read()) {
        if (this.json)
          print(`${JSON.stringify({ time, ...histogram.of, unit, buckets: histogram.buckets }, replacer)}\n`);
        else print(`${headedHistogram(histogram, unit)}\n`);
      }
    });
  }

  /** Profiles, starts the command, and prints stacks at the end, or each interval. */
  async profile(settings: ProfileSettings): Promise<void> {
    const { tool, target, interval, count } = this.#parts;
    const { options, signal } = this;
    const course = { tool, options, signal, interval, count };
    await runProfile(course, await target(), settings, (running, isText) => {
      const filter_processes = { keys: () => running.processes().values() };
      this.#startCommand({ maps: { filter_processes } }, isText ? 1 : 2);
    });
  }

  #columns<Row extends object>(columns: readonly (StandardColumn | ToolColumn<Row>)[]) {
    const { tool, processes } = this.#parts;
    return processes ? withIdentity(tool, columnsOf(columns)) : columnsOf(columns);
  }

  #identified<Row extends object>(row: Row): Row {
    const { processes } = this.#parts;
    return processes ? identify(row, processes) : row;
  }

  async #measure(
    object: TracingObject,
    how: TracingOptions,
    report: (time: Date) => Promise<void>,
  ): Promise<void> {
    const { count, interval = count === undefined ? undefined : 1000 } = this.#parts;
    const show = async () => {
      const time = new Date();
      if (interval !== undefined && !this.json) print(`${timeText(time)}\n`);
      await report(time);
      if (interval !== undefined && !this.json) print('\n');
    };
    const links = await this.#attach(object, how);
    this.#startCommand(object);
    let left = count ?? Number.POSITIVE_INFINITY;
    for (; left > 0 && !(await this.#endsWithin(interval)); left--) await show();
    await detach(links);
    if (left > 0) await show();
    const said = troubles(object, how);
    if (said.length > 0) warn(`${said.join('; ')}\n`);
  }

  /** Waits for the end, so long at most; true where it has come. */
  async #endsWithin(time: number | undefined): Promise<boolean> {
    // The longest time that a timer takes.
    await sleep(time ?? 2 ** 31 - 1, undefined, { signal: this.signal }).catch(() => {});
    return this.signal.aborted;
  }

  #attach(object: TracingObject, how: TracingOptions): Promise<Link[]> {
    const tree: TreePrograms = this.filters.filter_tree === 0 ? {} : object.programs;
    return attachTracing(object, how, this.#tracing?.links ?? [], tree);
  }

  /** @param output - where the command prints to: not among data for programs */
  #startCommand(object: Pick<TracingObject, 'maps'>, output = this.json ? 2 : 1): void {
    const { input, ending } = this.#parts;
    const way = this.#tracing === undefined ? '' : ` by ${this.#tracing.way}`;
    if (input.rest.length === 0) {
      warn(`tracing${way}; Ctrl-C ends it\n`);
      return;
    }
    if (way !== '') warn(`tracing${way}\n`);
    const command = new StartedCommand(input.rest, output);
    process.once('exit', () => command.kill('SIGTERM'));
    ending.with(command, (object.maps as { filter_processes?: ProcessTree }).filter_processes);
  }
}

async function eachUntil<T>(signal: AbortSignal, items: AsyncIterable<T>, each: (item: T) => void) {
  try {
    for await (const item of items) each(item);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
