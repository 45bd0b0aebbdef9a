/** strftime(3) in the C locale, and `%f` for microseconds. */

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

const two = (value: number) => String(value).padStart(2, '0');

/** The conversions of strftime(3), by letter: a function of the date, or a format of other conversions. */
const letters: Readonly<Record<string, string | ((date: Date) => string)>> = {
  a: date => days[date.getDay()]?.slice(0, 3) ?? '',
  A: date => days[date.getDay()] ?? '',
  b: date => months[date.getMonth()]?.slice(0, 3) ?? '',
  B: date => months[date.getMonth()] ?? '',
  c: '%a %b %e %H:%M:%S %Y',
  C: date => two(Math.floor(date.getFullYear() / 100)),
  d: date => two(date.getDate()),
  D: '%m/%d/%y',
  e: date => String(date.getDate()).padStart(2, ' '),
  F: '%Y-%m-%d',
  h: '%b',
  H: date => two(date.getHours()),
  I: date => two(date.getHours() % 12 || 12),
  j: date => String(dayOfYear(date)).padStart(3, '0'),
  m: date => two(date.getMonth() + 1),
  M: date => two(date.getMinutes()),
  n: () => '\n',
  p: date => (date.getHours() < 12 ? 'AM' : 'PM'),
  r: '%I:%M:%S %p',
  R: '%H:%M',
  s: date => String(Math.floor(date.getTime() / 1000)),
  S: date => two(date.getSeconds()),
  t: () => '\t',
  T: '%H:%M:%S',
  u: date => String(date.getDay() || 7),
  w: date => String(date.getDay()),
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  y: date => two(date.getFullYear() % 100),
  Y: date => String(date.getFullYear()),
  z: date => zone(-date.getTimezoneOffset()),
  '%': () => '%',
};

/** @param time - nanoseconds since 1970 */
export function formatTime(format: string, time: bigint): string {
  const date = new Date(Number(time / 1_000_000n));
  return format.replace(/%([A-Za-z%])/g, (whole, letter: string) => {
    if (letter === 'f') return String((time / 1_000n) % 1_000_000n).padStart(6, '0');
    const known = Object.hasOwn(letters, letter) ? letters[letter] : undefined;
    if (known === undefined) return whole;
    return typeof known === 'string' ? formatTime(known, time) : known(date);
  });
}

function dayOfYear(date: Date): number {
  return (
    Math.round(
      (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0, 1)) /
        86_400_000,
    ) + 1
  );
}

function zone(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}
