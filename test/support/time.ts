/** How long tests wait: on a slow machine, which `LIBBPF_TS_TIME_FACTOR` tells, as many times longer. */
const factor = Number(process.env.LIBBPF_TS_TIME_FACTOR ?? 1);

/** In milliseconds. */
export function seconds(count: number): number {
  return count * factor * 1000;
}
