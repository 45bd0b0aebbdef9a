/** What a running script says, one thing after the other. */

import type { TraceData, TraceMap } from '../map-value.js';
import type { MapElement } from '../print/maps.js';
import type { TraceValue } from '../print/value.js';
import type { Type } from '../types/type.js';

/** What a script says. */
export type TraceEvent = TraceTextEvent | TraceValueEvent | TraceMapEvent;

/** Text: of `printf`, `time`, `join`, `cat`, `system`; `errorf` and `warnf` are about the script. */
export interface TraceTextEvent {
  readonly type: 'printf' | 'errorf' | 'warnf' | 'time' | 'join' | 'cat' | 'system';
  readonly text: string;
  /** What stood for the format's conversions. */
  readonly values: readonly TraceData[];
  /** Where in the script: `stdin:1:9-62`. */
  readonly place: string;
}

/** A value that `print` was called with. */
export interface TraceValueEvent {
  readonly type: 'value';
  readonly text: string;
  readonly value: TraceData;
  /** @internal */
  readonly raw: TraceValue;
}

/** A map that was printed, as it was then. */
export interface TraceMapEvent {
  readonly type: 'map';
  /** Without `@`. */
  readonly name: string;
  readonly text: string;
  /** As {@link Trace.maps} has it. */
  readonly map: TraceMap;
  /** @internal */
  readonly elements: readonly MapElement[];
  /** @internal */
  readonly valueType: Type;
  /** At the script's end, without being asked for. */
  readonly isFinal: boolean;
}

/** What was lost at a place of the script: values that found no room in a map, or records that found none in the ring. */
export interface TraceLoss {
  /** Where in the script: `stdin:1:9-62`. */
  readonly place: string;
  readonly count: number;
  /** The map that was full, without `@`; undefined where records were written faster than they were read. */
  readonly map?: string;
  /** How many elements that map may have. */
  readonly room?: number;
}
