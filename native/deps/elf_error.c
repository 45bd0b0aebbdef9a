/*
 * libelf's error number, once more. Distributions build libelf.a for executables, where the thread-local
 * number in its elf_error.o has a fixed place; a shared object may not have that. These definitions come
 * before the archive, so that the linker leaves elf_error.o out; the rest of libelf.a is
 * position-independent.
 */
#include <stdio.h>

static _Thread_local int last_error;

void __libelf_seterrno(int error) {
  last_error = error;
}

int elf_errno(void) {
  int error = last_error;
  last_error = 0;
  return error;
}

const char* elf_errmsg(int error) {
  static _Thread_local char text[32];
  int asked = error > 0 ? error : last_error;
  if (error == 0 && asked == 0) return NULL;
  snprintf(text, sizeof(text), "libelf error %d", asked);
  return text;
}
