// Rare ways to execute, one after the other, each in a process of its own.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

#define PAGE 4096

// Strings in pages of the file that nothing touches but the kernel.
static const struct {
  _Alignas(PAGE) char strings[PAGE];
  _Alignas(PAGE) char end[PAGE];
} cold = {"/bin/true\0/no/such/file\0paged out\0", ""};

static void from_thread(void) {
  char* argv[] = {"thread", "second", NULL};
  execv("/bin/true", argv);
}

static void* thread(void* unused) {
  from_thread();
  return unused;
}

static void execute_in_thread(void) {
  pthread_t id;
  pthread_create(&id, NULL, thread, NULL);
  pthread_join(id, NULL);
}

// Strings on the stack are in memory, those of the file may not be.
static void by_descriptor(void) {
  char path[] = "", name[] = "by descriptor";
  char* argv[] = {name, NULL};
  syscall(SYS_execveat, open("/bin/true", O_RDONLY), path, argv, environ, AT_EMPTY_PATH);
}

static void paged_out(const char* path) {
  char empty[] = "", end[] = "end";
  char* argv[] = {(char*)&cold.strings[24], empty, end, NULL};
  madvise((void*)&cold, sizeof(cold), MADV_DONTNEED);
  execv(path, argv);
}

static void paged_out_path(void) {
  paged_out(&cold.strings[0]);
}

static void paged_out_missing(void) {
  paged_out(&cold.strings[10]);
}

static void bad_pointer(void) {
  char before[] = "before", behind[] = "behind";
  char* argv[] = {before, (char*)8, behind, NULL};
  execv("/bin/true", argv);
}

static void no_text(void) {
  char* argv[] = {"\xff\xfe", NULL};
  execv("/bin/true", argv);
}

int main(void) {
  void (*const ways[])(void) = {execute_in_thread, by_descriptor, paged_out_path,
                                paged_out_missing, bad_pointer,   no_text};
  for (unsigned i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
    if (fork() == 0) {
      ways[i]();
      _exit(0);
    }
    wait(NULL);
  }
  return 0;
}
