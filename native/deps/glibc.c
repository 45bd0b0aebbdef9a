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
#define OLD_LOCK(kind, operation)                                                                 \
  __asm__(".symver old_" #kind "_" #operation ", pthread_" #kind "_" #operation "@" FIRST_GLIBC); \
  int old_##kind##_##operation(pthread_##kind##_t*);                                              \
  int pthread_##kind##_##operation(pthread_##kind##_t* lock) { return old_##kind##_##operation(lock); }
OLD_LOCK(mutex, trylock)
OLD_LOCK(rwlock, rdlock)
OLD_LOCK(rwlock, wrlock)
OLD_LOCK(rwlock, tryrdlock)
OLD_LOCK(rwlock, trywrlock)
OLD_LOCK(rwlock, unlock)

/* 2.34 too: the thread that waits where there is no libuv. */
__asm__(".symver old_pthread_create, pthread_create@" FIRST_GLIBC);
__asm__(".symver old_pthread_join, pthread_join@" FIRST_GLIBC);
int old_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
int old_pthread_join(pthread_t, void**);
int pthread_create(pthread_t* thread, const pthread_attr_t* attr, void* (*start)(void*), void* arg) {
  return old_pthread_create(thread, attr, start, arg);
}
int pthread_join(pthread_t thread, void** result) {
  return old_pthread_join(thread, result);
}

#endif
