/** Patterns of names: `*` is anything, `?` a letter, `[a-z]` one of them. */

export function matcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source.replace(/\[(?![^\]]*\])/g, '\\[')}$`);
  return name => expression.test(name);
}
