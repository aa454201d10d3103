#include "CTclStubs90.h"
