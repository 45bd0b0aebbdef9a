/** From C names to TypeScript names that are safe and do not clash. */

const reserved: ReadonlySet<string> = new Set(
  `any arguments as async await bigint boolean break case catch class const continue debugger declare default delete do
  else enum eval export extends false finally for function if implements import in infer instanceof interface is keyof
  let module namespace never new null number object of package private protected public readonly require return satisfies
  static string super switch symbol this throw true try type typeof undefined unique unknown using var void while with
  yield globalThis Uint8Array URL ValueOf Infinity NaN Object Array String Number BigInt Boolean Symbol`.split(
    /\s+/,
  ),
);

/** libbpf's name of an object: its file's name without folders and `.bpf.o`. */
export function objectName(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return base.replace(/(?:\.bpf)?\.o$/, '');
}

/** `task_struct` to `TaskStruct`. */
export function pascalCase(name: string): string {
  return identifier(words(name).map(capitalized).join('')) || 'Anonymous';
}

/** `tcp-life` to `tcpLife`. */
export function camelCase(name: string): string {
  const [first = '', ...rest] = words(name);
  const start = first.slice(0, 1).toLowerCase() + first.slice(1);
  return identifier(start + rest.map(capitalized).join('')) || 'object';
}

/** Hands out names; a name that is taken gets the next free number behind it. */
export class Names {
  readonly #taken: Set<string>;

  /** @param taken - what the module imports */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set([...taken, ...reserved]);
  }

  /** The name itself when it is free, else with `suffix` behind it, else with a number. */
  take(name: string, suffix = ''): string {
    const stem = this.#taken.has(name) ? `${name}${suffix}` : name;
    let free = stem;
    for (let count = 2; this.#taken.has(free); count++) free = `${stem}${count}`;
    this.#taken.add(free);
    return free;
  }
}

function words(name: string): string[] {
  return name.split(/[^\p{ID_Continue}]+|_+/u).filter(word => word !== '');
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** No identifier starts with a digit, or with a mark that only continues one. */
function identifier(name: string): string {
  return name === '' || /^\p{ID_Start}/u.test(name) ? name : `_${name}`;
}
