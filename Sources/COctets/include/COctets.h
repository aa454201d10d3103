/* Loops of codecs by instructions that only some processors have. No state, no allocation. */
#ifndef COCTETS_H
#define COCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far a loop came: octets of its source, octets of its target, and the column on the line that was begun. */
typedef struct {
    size_t read, written, column;
} COctetsProgress;

/* Whether this processor has what the functions below need; without, they must not be called. */
bool coctets_has_blocks(void);

/* Decodes whole base64 quads with LF or CRLF between them, up to anything else or near the end of one of the buffers.
   Of the target, octets beyond those that count as written may be overwritten, but none beyond its room. */
COctetsProgress coctets_base64_decode(const uint8_t *text, size_t count, uint8_t *target, size_t room);

/* Encodes whole triples in base64, up to near the end of one of the buffers. A line on which there is no room for a
   quad in `length` columns ends with the low `break_count` octets of `line_break`, at most 8, the lowest first. */
COctetsProgress coctets_base64_encode(const uint8_t *octets, size_t count, uint8_t *target, size_t room, size_t column,
                                      size_t length, uint64_t line_break, size_t break_count);

/* Encodes quoted-printable, without controls but, with `has_lines`, LF; up to other controls, a blank before LF or CR, a
   line that begins with . or F, or near the end of one of the buffers. The text must not begin with such a line. A soft
   line break stands where more than `width` columns would be; both line breaks are `line_break` as above. */
COctetsProgress coctets_qp_encode(const uint8_t *text, size_t count, uint8_t *target, size_t room, size_t column,
                                  size_t width, uint64_t line_break, size_t break_count, bool has_lines);

/* Decodes quoted-printable up to a = that begins neither a quoted octet nor a soft line break, blanks that may end a line,
   or near the end of one of the buffers. CRLF is a line end if `has_crlf`. */
COctetsProgress coctets_qp_decode(const uint8_t *text, size_t count, uint8_t *target, size_t room, bool has_crlf);

/* Copies text with CR, LF and CRLF as CRLF, up to near the end of one of the buffers. */
COctetsProgress coctets_crlf(const uint8_t *text, size_t count, uint8_t *target, size_t room);

/* How many octets the lines have that the text begins with and that are as in most mail: of printing US-ASCII, HTAB and LF,
   at most `longest` octets but LF, no blank at the end, neither . nor F at the start. There may be more, after others. */
size_t coctets_mail_lines(const uint8_t *text, size_t count, size_t longest);

#endif
