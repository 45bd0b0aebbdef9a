/* Functions that are called so often, for tools that count them. */
#include <unistd.h>

__attribute__((noipa)) int known_often(volatile int* at) {
  return ++*at;
}

__attribute__((noipa)) int known_seldom(volatile int* at) {
  usleep(20000);
  return --*at;
}

__attribute__((noipa)) int known_nested(volatile int* at, int depth) {
  ++*at;
  int below = depth > 0 ? known_nested(at, depth - 1) : 0;
  return below + *at;
}

__attribute__((noipa)) int other(volatile int* at) {
  return *at;
}

int main(void) {
  volatile int at = 0;
  for (int i = 0; i < 1000; i++) known_often(&at);
  for (int i = 0; i < 7; i++) known_seldom(&at);
  known_nested(&at, 10);
  for (int i = 0; i < 5; i++) other(&at);
  return 0;
}
