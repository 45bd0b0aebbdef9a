/*
 * Lets an addon built on a new glibc load on 2.28, the oldest that Node itself runs on: what glibc renamed
 * or moved since is defined here, out of what has always been there. Hidden, so nobody else sees these.
 */
#undef _FILE_OFFSET_BITS /* which would rename fstat below */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define FIRST_GLIBC "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define FIRST_GLIBC "GLIBC_2.17"
#endif

#if defined(__GLIBC__) && defined(FIRST_GLIBC)

/* GCC 11's std::__throw_bad_array_new_length(), for arrays larger than memory; nothing here catches. */
void _ZSt28__throw_bad_array_new_lengthv(void);
void _ZSt28__throw_bad_array_new_lengthv(void) {
  abort();
}

/* 2.32: libstdc++ asks it whether reference counts may skip atomics. Never: Node has threads. */
char __libc_single_threaded = 0;

/* 2.33: an inline wrapper before. The kernel's struct stat is glibc's on these machines. */
int fstat(int fd, struct stat* status) {
  return (int)syscall(SYS_fstat, fd, status);
}
int fstat64(int fd, struct stat64* status) {
  return (int)syscall(SYS_fstat, fd, status);
}

/* 2.34: moved from libpthread to libc, where both versions are one function. libelf locks its handles. */
#define OLD_RWLOCK(operation)                                                        \
  __asm__(".symver old_" #operation ", pthread_rwlock_" #operation "@" FIRST_GLIBC); \
  int old_##operation(pthread_rwlock_t*);                                            \
  int pthread_rwlock_##operation(pthread_rwlock_t* lock) { return old_##operation(lock); }
OLD_RWLOCK(rdlock)
OLD_RWLOCK(wrlock)
OLD_RWLOCK(tryrdlock)
OLD_RWLOCK(trywrlock)
OLD_RWLOCK(unlock)

#endif
