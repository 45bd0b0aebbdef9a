/** Errnos by name, among them those that only the kernel and libbpf use. */
import { describe, expect, it } from 'vitest';
import { errnoError, errnoName, errnoText } from '../../lib/native/errno.js';

describe('an errno', () => {
  it.each([
    [-1, 'EPERM', 'operation not permitted'],
    [-2, 'ENOENT', 'no such file or directory'],
    [-11, 'EAGAIN', 'resource temporarily unavailable'],
    [-95, 'EOPNOTSUPP', 'operation not supported on socket'],
    [-524, 'ENOTSUPP', 'operation is not supported'],
    [-4001, 'LIBBPF_FORMAT', 'the object is malformed'],
    [-4005, 'LIBBPF_RELOC', 'a relocation failed'],
    [-3999, 'errno 3999', 'unknown error'],
  ])('%i is %s', (status, name, text) => {
    expect([errnoName(status), errnoText(status)]).toEqual([name, text]);
    expect(errnoError(status, 'try it')).toMatchObject({
      code: name,
      errno: status,
      message: expect.stringContaining(`try it: ${name}, ${text}`),
    });
  });
});
