#include "CTclMain.h"
