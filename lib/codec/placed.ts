/** Values at one place in memory, as of a map's slot: functions of their own for each place, which V8 inlines where they are called. */
import type { Codec } from './codec.js';
import { emittable, storeSource } from './inline.js';
import { Scope } from './scope.js';

/** Writes a value; false where it does not fit, and the codec's own `write` says why. */
export type PlacedWrite<T> = (value: T) => boolean;

/** A writer to the beginning of this view, whose bytes begin at a multiple of eight in their buffer. */
export function placedWriter<T>(codec: Codec<T>, view: DataView): PlacedWrite<T> {
  const scope = new Scope({ aligned: true });
  const parts = emittable(codec);
  // What has no source of its own may leave padding alone, which `write` clears.
  const whole = { put: (_v: DataView, _o: number, value: T) => codec.write(view, 0, value) };
  const store = storeSource((parts.store ? parts : whole) as typeof parts, 'x', 0, scope);
  const body = `return x => { try { ${store} } catch { return false; } return true; };`;
  return (compileAt(view, body, scope) as PlacedWrite<T> | undefined) ?? interpretWrite(codec, view);
}

/** A reader of the value at the beginning of this view, which has all its bytes. */
export function placedReader<T>(codec: Codec<T>, view: DataView): () => T {
  const scope = new Scope({ aligned: true });
  const body = `return () => ${emittable(codec).source(0, String(codec.size), scope)};`;
  const read = () => codec.read(view, 0, codec.size);
  return (compileAt(view, body, scope) as (() => T) | undefined) ?? read;
}

function compileAt(view: DataView, body: string, scope: Scope): unknown {
  const v = scope.constant(view);
  return scope.compile(`const v = ${v}, o = 0; let u32, u64, s64; ${scope.opening} ${body}`);
}

function interpretWrite<T>(codec: Codec<T>, view: DataView): PlacedWrite<T> {
  return value => {
    try {
      codec.write(view, 0, value);
    } catch {
      return false;
    }
    return true;
  };
}
