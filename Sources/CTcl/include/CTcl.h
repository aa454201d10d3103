#ifndef CTCL_H
#define CTCL_H
#endif
