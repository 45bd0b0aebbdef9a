/** Elements in memory as a JavaScript array: what is written to one goes where it lies. */

/** Elements by index. */
export interface Elements {
  readonly count: number;
  readonly get: (index: number) => unknown;
  readonly set: (index: number, value: unknown) => void;
}

/** Longer arrays would have too many properties: they are proxies, which `structuredClone()` and workers do not take. */
const mostProperties = 1024;

/** An array of all elements, which cannot grow. */
export function elementsOf(elements: Elements): unknown[] {
  return elements.count > mostProperties ? proxyOf(elements) : arrayOf(elements);
}

function arrayOf({ count, get, set }: Elements): unknown[] {
  const array: unknown[] = [];
  for (let index = 0; index < count; index++) {
    const own = index;
    Object.defineProperty(array, index, {
      enumerable: true,
      get: () => get(own),
      set: value => set(own, value),
    });
  }
  return Object.seal(array);
}

function proxyOf({ count, get, set }: Elements): unknown[] {
  const index = (key: string | symbol) => {
    const number = typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : Number.NaN;
    return number < count ? number : undefined;
  };
  return new Proxy<unknown[]>(new Array(count), {
    get: (array, key) => {
      const at = index(key);
      return at === undefined ? Reflect.get(array, key) : get(at);
    },
    // Refusing makes the assignment a TypeError, as for an array that is sealed.
    set: (_, key, value) => {
      const at = index(key);
      if (at !== undefined) set(at, value);
      return at !== undefined;
    },
    has: (array, key) => index(key) !== undefined || Reflect.has(array, key),
    ownKeys: () => [...Array.from({ length: count }, (_, at) => String(at)), 'length'],
    getOwnPropertyDescriptor: (array, key) => {
      const at = index(key);
      if (at === undefined) return Reflect.getOwnPropertyDescriptor(array, key);
      return { value: get(at), writable: true, enumerable: true, configurable: true };
    },
  });
}
