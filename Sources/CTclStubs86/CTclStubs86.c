#include "CTclStubs86.h"
