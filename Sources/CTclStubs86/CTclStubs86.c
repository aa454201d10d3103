#define USE_TCL_STUBS 1
#include <tcl8.6/tcl.h>
#include "CTcl.h"
#include "include/CTclShims.inc"
