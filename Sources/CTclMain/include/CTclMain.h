#ifndef CTCLMAIN_H
#define CTCLMAIN_H
#endif
