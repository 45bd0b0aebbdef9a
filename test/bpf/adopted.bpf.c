// The first version of the service in adopted.h.
#define VERSION 0
#include "adopted.h"
