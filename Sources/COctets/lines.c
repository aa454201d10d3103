/* Line ends, 32 octets at a step (AVX2). */
#include "COctets.h"
#include "blocks.h"

#if defined(__x86_64__)

AVX2 COctetsProgress coctets_crlf(const uint8_t *text, size_t count, uint8_t *target, size_t room) {
    size_t at = 0, put = 0;
    while (count - at >= READ && room - put >= 3 * BLOCK) {
        uint64_t stops = places(either(load(text + at), '\r', '\n')) | 1ull << BLOCK;
        do {
            size_t run = (size_t)__builtin_ctzll(stops);
            stops >>= run;
            copy(target + put, text + at);
            at += run;
            put += run;
            if (stops == 1) break;
            size_t taken = text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1;
            target[put] = '\r';
            target[put + 1] = '\n';
            put += 2;
            at += taken;
            stops >>= taken;
        } while (stops > 1);
    }
    return (COctetsProgress){at, put, 0};
}

/* Octets other than printing US-ASCII, HTAB and LF. */
AVX2 static inline __m256i unusual(__m256i text) {
    __m256i visible = _mm256_andnot_si256(equal(text, 0x7F), _mm256_cmpgt_epi8(text, _mm256_set1_epi8(0x1F)));
    return _mm256_andnot_si256(_mm256_or_si256(visible, either(text, '\t', '\n')), _mm256_set1_epi8(-1));
}

AVX2 size_t coctets_mail_lines(const uint8_t *text, size_t count, size_t longest) {
    size_t line = 0;
    /* Whether the octet before the block is LF, or a blank. */
    uint32_t is_start = 1, is_blank = 0;
    for (size_t at = 0; count - at >= BLOCK && at + BLOCK - line <= longest + BLOCK; at += BLOCK) {
        __m256i block = load(text + at);
        uint32_t feeds = places(equal(block, '\n')), blanks = places(either(block, ' ', '\t'));
        uint32_t starts = (feeds << 1 | is_start) & places(either(block, '.', 'F'));
        if (places(unusual(block)) | starts | (feeds & (blanks << 1 | is_blank))) break;
        for (uint32_t ends = feeds; ends; ends &= ends - 1) {
            size_t end = at + (size_t)__builtin_ctz(ends);
            if (end - line > longest) return line;
            line = end + 1;
        }
        is_start = feeds >> (BLOCK - 1);
        is_blank = blanks >> (BLOCK - 1);
    }
    return line;
}

#else

COctetsProgress coctets_crlf(const uint8_t *text, size_t count, uint8_t *target, size_t room) {
    return (COctetsProgress){0, 0, 0};
}

size_t coctets_mail_lines(const uint8_t *text, size_t count, size_t longest) { return 0; }

#endif
