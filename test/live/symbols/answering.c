// Tells where its functions are, a line for each, and then waits for the end of its input.
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

__attribute__((noinline)) static int hidden_helper(int n) {
  return n + getpid();
}
__attribute__((noinline)) int exported_work(int n) {
  return hidden_helper(n) * 2;
}

int main(int count, char** arguments) {
  printf("hidden_helper %p\n", (void*)hidden_helper);
  printf("exported_work %p\n", (void*)exported_work);
  printf("main %p\n", (void*)main);
  if (count > 1) {
    void* library = dlopen(arguments[1], RTLD_NOW);
    if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
    printf("in_library %p\n", dlsym(library, "in_library"));
  }
  puts("");
  fflush(stdout);
  while (getchar() != EOF) exported_work(1);
}
