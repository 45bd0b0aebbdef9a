/** One run of a tool: what was asked for, and the course that all tools take. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Input, Options } from '../command/command.js';
import { print, warn } from '../command/output.js';
import { replacer } from '../doors/codec.js';
import type { Link } from '../index.js';
import type { ProfileTarget } from '../profile/index.js';
import { columnsOf, timeText } from './columns.js';
import type { Ending } from './ending.js';
import type { TaskFilters } from './filters.js';
import { headedHistogram } from './histograms.js';
import { counted, troubles } from './losses.js';
import { wholeNumber } from './numbers.js';
import { type ProfileSettings, runProfile } from './profile-course.js';
import { printList, RowPrinter } from './row-printer.js';
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
import { type OpenedForTracing, type Tracing, type TracingWays, traceByFirstWay } from './ways.js';

/** @internal */
export interface SessionParts {
  readonly tool: string;
  /** Whose work a profile is of. */
  readonly target: () => Promise<ProfileTarget>;
  readonly input: Input;
  readonly filters: TaskFilters;
  readonly ending: Ending;
  readonly interval: number | undefined;
  readonly count: number | undefined;
  readonly ways: TracingWays | undefined;
}

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
    const rows = new RowPrinter(columnsOf(how.columns), this.json);
    const { count: most = Number.POSITIVE_INFINITY, ending } = this.#parts;
    const show = (event: Event) => {
      const row = rows.count < most ? how.row(event) : undefined;
      if (row !== undefined) rows.row(row);
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
    printList(listed, this.json);
  }

  /** Attaches, starts the command, and prints a table each interval, or one at the end. */
  measureRows<Row extends object>(object: TracingObject, how: IntervalRows<Row>): Promise<void> {
    const columns = columnsOf(how.columns);
    return this.#measure(object, how, async time => {
      const rows = await how.read();
      const printer = new RowPrinter<Row & { time?: Date }>(columns, this.json);
      printer.titles();
      for (const row of rows) printer.row(this.json ? { time, ...row } : row);
    });
  }

  /** Attaches, starts the command, and prints histograms each interval, or once at the end. */
  measureHistograms(object: TracingObject, how: IntervalHistograms): Promise<void> {
    const { unit } = how;
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

  /** The tree's programs come last: what looks at the end of a process still finds it in the tree. */
  async #attach(object: TracingObject, { attach }: TracingOptions): Promise<Link[]> {
    const { links } = await object.attach(attach);
    const attached: Link[] = [...(this.#tracing?.links ?? []), ...(Object.values(links) as Link[])];
    const programs = object.programs as TreePrograms;
    if (this.filters.filter_tree === 0 || programs.filter_forked === undefined) return attached;
    attached.push(await programs.filter_forked.attach({ name: 'sched_process_fork' }));
    attached.push(await programs.filter_exited.attach({ name: 'sched_process_exit' }));
    return attached;
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

/** The programs of `FILTER_TASKS()` that know the tree of a command. */
interface TreePrograms {
  readonly filter_forked?: { attach(options: object): Promise<Link> };
  readonly filter_exited: { attach(options: object): Promise<Link> };
}

async function eachUntil<T>(signal: AbortSignal, items: AsyncIterable<T>, each: (item: T) => void) {
  try {
    for await (const item of items) each(item);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function detach(links: readonly Link[]): Promise<void> {
  for (const link of links) await link.detach();
}
