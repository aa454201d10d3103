#ifndef CTCLSTUBS90_H
#define CTCLSTUBS90_H
#endif
