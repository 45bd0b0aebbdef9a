/** The files that a compilation read, from the rule that clang writes for make. */

/** Paths in a rule such as `x.o: x.c \⏎  x.h`; a space in a path is escaped by a backslash. */
export function dependenciesIn(rule: string): string[] {
  const joined = rule.replace(/\\\n/g, ' ');
  const list = joined.slice(joined.indexOf(': ') + 2);
  const paths = list.match(/(?:\\[ #]|\S)+/g) ?? [];
  return paths.map(path => path.replace(/\\([ #])/g, '$1').replaceAll('$$', '$'));
}
