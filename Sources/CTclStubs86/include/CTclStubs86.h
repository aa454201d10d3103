#ifndef CTCLSTUBS86_H
#define CTCLSTUBS86_H
#endif
