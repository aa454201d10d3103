/* Quoted-printable, 32 octets at a step (AVX2): a block is copied up to the first octet that stands for something else,
   that one is dealt with, and the copy goes on behind it. */
#include "COctets.h"
#include "blocks.h"

#if defined(__x86_64__)
#include <string.h>

/* More than is written for a block: each octet a line break of 8 octets and a soft one, and the last copy. */
enum { WRITTEN = BLOCK * (8 + 9) + BLOCK };

static inline bool is_blank(uint8_t octet) { return octet == ' ' || octet == '\t'; }

/* Which octets do not stand for themselves, a bit each, and a bit for the end of the block. The low half of an octet
   gives the set of high halves below 8 with which it does. */
AVX2 static inline uint64_t others(__m256i text) {
    const __m256i sets = table(_mm_setr_epi8(-84, -8, -8, -8, -8, -4, -4, -4, -4, -3, -4, 92, 92, 84, 92, 124));
    const __m256i bits = table(_mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0));
    __m256i own = _mm256_and_si256(_mm256_shuffle_epi8(sets, low_half(text)), _mm256_shuffle_epi8(bits, high_half(text)));
    return places(_mm256_cmpeq_epi8(own, _mm256_setzero_si256())) | 1ull << BLOCK;
}

typedef struct {
    uint64_t octets;
    size_t count;
} LineBreak;

static inline size_t put_break(uint8_t *target, LineBreak line_break) {
    memcpy(target, &line_break.octets, 8);
    return line_break.count;
}
static inline size_t put_soft_break(uint8_t *target, LineBreak line_break) {
    *target = '=';
    return 1 + put_break(target + 1, line_break);
}

AVX2 COctetsProgress coctets_qp_encode(const uint8_t *text, size_t count, uint8_t *target, size_t room, size_t column,
                                       size_t width, uint64_t line_break, size_t break_count, bool has_lines) {
    static const char digits[] = "0123456789ABCDEF";
    const LineBreak end = {line_break, break_count};
    size_t at = 0, put = 0;
    while (count - at >= READ && room - put >= WRITTEN) {
        uint64_t stops = others(load(text + at));
        do {
            size_t run = (size_t)__builtin_ctzll(stops);
            stops >>= run;
            while (run > width - column) {
                size_t fitting = width - column;
                copy(target + put, text + at);
                at += fitting;
                put += fitting;
                run -= fitting;
                put += put_soft_break(target + put, end);
                column = 0;
            }
            copy(target + put, text + at);
            at += run;
            put += run;
            column += run;
            if (stops == 1) break;
            uint8_t octet = text[at];
            if (octet >= ' ') {
                if (width - column < 3) {
                    put += put_soft_break(target + put, end);
                    column = 0;
                }
                target[put] = '=';
                target[put + 1] = (uint8_t)digits[octet >> 4];
                target[put + 2] = (uint8_t)digits[octet & 15];
                put += 3;
                column += 3;
            } else if (octet == '\n' && has_lines && !(at > 0 && is_blank(text[at - 1])) && text[at + 1] != '.' &&
                       text[at + 1] != 'F') {
                if (column == width) put += put_soft_break(target + put, end);
                put += put_break(target + put, end);
                column = 0;
            } else {
                goto done;
            }
            at += 1;
            stops >>= 1;
        } while (stops > 1);
    }
done:
    /* A blank that may end its line is left. */
    if (at > 0 && is_blank(text[at - 1]) && (text[at] == '\n' || text[at] == '\r')) {
        at -= 1;
        put -= 1;
        column -= 1;
    }
    return (COctetsProgress){at, put, column};
}

/* The values of hexadecimal digits, and 1; 0 for other octets. */
static const uint8_t values[256] = {
    ['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ['A'] = 11, 12, 13, 14, 15, 16, ['a'] = 11, 12, 13, 14, 15, 16,
};

AVX2 COctetsProgress coctets_qp_decode(const uint8_t *text, size_t count, uint8_t *target, size_t room, bool has_crlf) {
    size_t at = 0, put = 0;
    while (count - at >= READ && room - put >= READ) {
        uint64_t stops = places(either(load(text + at), '=', '\n')) | 1ull << BLOCK;
        do {
            size_t run = (size_t)__builtin_ctzll(stops);
            stops >>= run;
            copy(target + put, text + at);
            at += run;
            put += run;
            if (stops == 1) break;
            size_t taken = 1;
            if (text[at] == '\n') {
                size_t start = at - (has_crlf && at > 0 && text[at - 1] == '\r');
                if (start > 0 && is_blank(text[start - 1])) goto done;
                target[put++] = '\n';
            } else {
                uint8_t first = text[at + 1], second = text[at + 2];
                if (values[first] && values[second]) {
                    target[put++] = (uint8_t)(values[first] * 16 + values[second] - 17);
                    taken = 3;
                } else if (first == '\n') {
                    taken = 2;
                } else if (has_crlf && first == '\r' && second == '\n') {
                    taken = 3;
                } else {
                    return (COctetsProgress){at, put, 0};
                }
            }
            at += taken;
            stops >>= taken;
        } while (stops > 1);
    }
done:
    /* Blanks that may end their line are left, and the CR of a line end; they were copied one by one. */
    if (has_crlf && at > 0 && text[at - 1] == '\r' && text[at] == '\n') {
        at -= 1;
        put -= 1;
    }
    while (at > 0 && is_blank(text[at - 1])) {
        at -= 1;
        put -= 1;
    }
    return (COctetsProgress){at, put, 0};
}

#else

COctetsProgress coctets_qp_encode(const uint8_t *text, size_t count, uint8_t *target, size_t room, size_t column,
                                  size_t width, uint64_t line_break, size_t break_count, bool has_lines) {
    return (COctetsProgress){0, 0, column};
}

COctetsProgress coctets_qp_decode(const uint8_t *text, size_t count, uint8_t *target, size_t room, bool has_crlf) {
    return (COctetsProgress){0, 0, 0};
}

#endif
