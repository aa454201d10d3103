/* The tasks of the GMime driver. */
#ifndef GMIME_DRIVER_H
#define GMIME_DRIVER_H
#include "common.h"
#include <gmime/gmime.h>

void read_corpus(char **words);   /* FOLDER mem|file */
void read_big(char **words);      /* FILE mem|file|stream */
void build_message(char **words); /* FILE TYPE TARGET base64|qp */
void build_small(char **words);   /* COUNT */
void code(char **words);          /* b64|qp encode|decode FILE */
void decode_items(char **words);  /* address|list|date|field FILE */
#endif
