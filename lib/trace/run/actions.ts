/** What a record asks this process to do, and what comes of it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Action } from '../actions.js';
import type { CompiledScript } from '../compile.js';
import { mapOf, plain } from '../map-value.js';
import { type MapElement, sorted } from '../print/maps.js';
import type { Names } from '../print/names.js';
import { elementText, textPrinter } from '../print/printer.js';
import { formatText, valueText } from '../print/text.js';
import { formatTime } from '../print/time.js';
import type { TraceValue } from '../print/value.js';
import { decode, needsNames } from '../print/values.js';
import { storageSize } from '../types/type.js';
import type { TraceEvent, TraceMapEvent } from './events.js';
import type { RunningMaps } from './maps.js';

/** What actions are done with. */
export interface ActionContext {
  readonly script: CompiledScript;
  readonly maps: RunningMaps;
  readonly names: Names;
}

/** What a record asks for, by its number. */
export function actionOf(record: Uint8Array, { actions }: CompiledScript): Action | undefined {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  return actions[Number(view.getBigUint64(0, true))];
}

/** A record's action and its values. */
export async function readRecord(record: Uint8Array, { script, names }: ActionContext) {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const action = actionOf(record, script);
  const values: TraceValue[] = [];
  let at = 8;
  for (const type of action?.values ?? []) {
    if (needsNames(type)) await names.prepare(type, view, at);
    values.push(decode(type, view, at, names));
    at += storageSize(type);
  }
  return { action, values, body: record.subarray(8) };
}

/** Does it. @returns what the script says by it, if anything */
export async function perform(record: Uint8Array, context: ActionContext): Promise<TraceEvent | undefined> {
  const { action, values, body } = await readRecord(record, context);
  if (action === undefined) return undefined;
  switch (action.kind) {
    case 'clear':
      context.maps.clear(action.map);
      return undefined;
    case 'zero':
      context.maps.zero(action.map);
      return undefined;
    case 'print-map':
      return mapEvent(context, action.map, action);
    case 'print-element': {
      const { key, value: type } = context.maps.types(action.map);
      const value = context.maps.element(
        action.map,
        body.subarray(0, key ? storageSize(key) : 8),
        context.names,
      );
      const text = value === undefined ? '' : elementText(value, type);
      return printed(text, text.replace(/\n$/, ''));
    }
    case 'print':
      return printed(`${valueText(values[0] ?? 0n)}\n`, values[0] ?? 0n);
    case 'exit':
      return undefined;
    default:
      return textEvent(action, values, context);
  }
}

function printed(text: string, raw: TraceValue): TraceEvent {
  return { type: 'value', text, value: plain(raw), raw };
}

type TextAction = Extract<
  Action,
  { kind: 'printf' | 'errorf' | 'warnf' | 'cat' | 'system' | 'time' | 'join' }
>;

async function textEvent(
  action: TextAction,
  values: readonly TraceValue[],
  context: ActionContext,
): Promise<TraceEvent> {
  const text = await textOf(action, values, context);
  const place = context.script.script.range(action.span);
  return { type: action.kind, text, values: values.map(plain), place };
}

async function textOf(
  action: TextAction,
  values: readonly TraceValue[],
  { script }: ActionContext,
): Promise<string> {
  switch (action.kind) {
    case 'time':
      return formatTime(action.format, BigInt(Date.now()) * 1_000_000n);
    case 'join':
      return `${values
        .filter((each, at) => at === 0 || each !== '')
        .map(valueText)
        .join(action.separator)}\n`;
    case 'cat':
      return readFile(formatText(action.format, values), script.settings.max_cat_bytes);
    case 'system':
      return runCommand(formatText(action.format, values));
    default:
      return formatText(action.format, values);
  }
}

function readFile(path: string, most: number): string {
  try {
    return readFileSync(path).subarray(0, most).toString('utf8');
  } catch (error) {
    return `${(error as Error).message}\n`;
  }
}

const run = promisify(execFile);

async function runCommand(command: string): Promise<string> {
  const { stdout } = await run('/bin/sh', ['-c', command]).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }));
  return stdout;
}

/** A map as it is now: its greatest elements only where `top` says how many, divided by `divisor`. */
export async function mapEvent(
  { maps, names }: ActionContext,
  name: string,
  { top = 0, divisor = 0, isFinal = false }: { top?: number; divisor?: number; isFinal?: boolean } = {},
): Promise<TraceMapEvent> {
  const { key, value: valueType } = maps.types(name);
  const found = sorted(await maps.elements(name, names), valueType);
  const isAbsent = found.length === 0 && key === undefined && !isFinal;
  const all = isAbsent ? [{ key: undefined, value: maps.zeroValue(name, names) }] : found;
  const some = top > 0 ? all.slice(-top) : all;
  const elements = divisor > 1 ? some.map(each => divided(each, BigInt(divisor))) : some;
  const text = textPrinter.map(name, valueType, elements);
  return { type: 'map', name, text, map: mapOf(elements, key !== undefined), elements, valueType, isFinal };
}

function divided(element: MapElement, divisor: bigint): MapElement {
  const { value } = element;
  if (value.kind !== 'value' || typeof value.value !== 'bigint') return element;
  return { ...element, value: { kind: 'value', value: value.value / divisor } };
}
