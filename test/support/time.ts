/** How long tests wait and how often they try: a slow machine says in `LIBBPF_TS_TIME_FACTOR` how slow it is. */
const factor = Number(process.env.LIBBPF_TS_TIME_FACTOR ?? 1);

/** In milliseconds. */
export function seconds(count: number): number {
  return count * factor * 1000;
}

/** Of random trials a slow machine makes fewer; what they find does not depend on it. */
export function trials(count: number): number {
  return Math.ceil(count / factor);
}
