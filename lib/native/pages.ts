/** Pages of memory: 4, 16 or 64 KiB, as the kernel was built. */
import { native } from './native.js';

/** Bytes of one page. */
export function pageSize(): number {
  return native().pageSize();
}

/**
 * What a ring for so many bytes has: the least power of two of pages, which libbpf makes of an object's too
 * (adjust_ringbuf_sz() in libbpf.c).
 */
export function wholePages(bytes: number, page = pageSize()): number {
  return Math.max(2 ** Math.ceil(Math.log2(bytes)), page);
}
