/** Names in C text: safe, and none twice. */

const keywords: ReadonlySet<string> = new Set(
  `auto break case char const continue default do double else enum extern float for goto if inline int long register
  restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Alignas _Alignof
  _Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local asm typeof`.split(/\s+/),
);

/** The name as C takes it: what is no letter, digit or underscore becomes one, a keyword gets one behind it. */
export function identifier(name: string): string {
  if (keywords.has(name)) return `${name}_`;
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  if (/^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(name)) return name;
  const safe = name.replace(/[^\p{ID_Continue}]/gu, '_');
  return /^[\p{ID_Start}_]/u.test(safe) ? safe : `_${safe}`;
}

/** Hands out names as BTF has them; a name that is taken gets a number, as `urb_priv___2`. */
export class UniqueNames {
  readonly #counts = new Map<string, number>();
  readonly #names = new Map<number, string>();

  /** A new name. */
  take(name: string): string {
    const plain = identifier(name);
    let count = (this.#counts.get(plain) ?? 0) + 1;
    // `___` begins a flavor, which CO-RE leaves out when it compares names.
    while (count > 1 && this.#counts.has(`${plain}___${count}`)) count++;
    const unique = count === 1 ? plain : `${plain}___${count}`;
    this.#counts.set(plain, count);
    if (unique !== plain) this.#counts.set(unique, 1);
    return unique;
  }

  /** The name of the type with that id, the same each time. */
  of(id: number, name: string): string {
    const known = this.#names.get(id) ?? this.take(name);
    this.#names.set(id, known);
    return known;
  }
}
