/* Base64 in blocks of 32 digits (AVX2). Octets are classed by their two halves, each of which chooses from a table of
   16: W. Mula, D. Lemire, Faster Base64 Encoding and Decoding Using AVX2 Instructions, ACM Trans. Web 12 (3), 2018. */
#include "COctets.h"
#include "blocks.h"

#if defined(__x86_64__)
#include <string.h>

enum { DIGITS = BLOCK, OCTETS = BLOCK / 4 * 3 };

bool coctets_has_blocks(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}

/* Which octets are no digits, a bit each. The high half of an octet gives a class, the low half the classes that it
   spoils: 1 for + and /, 2 for 0-9, 4 for A-O and a-o, 8 for P-Z and p-z, 16 for all other octets. */
AVX2 static inline uint32_t others(__m256i text) {
    const __m256i classes = table(_mm_setr_epi8(16, 16, 1, 2, 4, 8, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16));
    const __m256i spoilt = table(_mm_setr_epi8(21, 17, 17, 17, 17, 17, 17, 17, 17, 17, 19, 26, 27, 27, 27, 26));
    __m256i wrong = _mm256_and_si256(_mm256_shuffle_epi8(classes, high_half(text)),
                                     _mm256_shuffle_epi8(spoilt, low_half(text)));
    return ~places(_mm256_cmpeq_epi8(wrong, _mm256_setzero_si256()));
}

/* The 24 octets of 32 digits, in front. What has to be added to a digit depends on its high half; / is the exception. */
AVX2 static inline __m256i decoded(__m256i text) {
    const __m256i added = table(_mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i order = table(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    __m256i slashes = equal(text, '/');
    __m256i values = _mm256_add_epi8(text, _mm256_shuffle_epi8(added, _mm256_add_epi8(high_half(text), slashes)));
    __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi16(0x0140));
    __m256i quads = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    return _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(quads, order), _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

AVX2 COctetsProgress coctets_base64_decode(const uint8_t *text, size_t count, uint8_t *target, size_t room) {
    size_t at = 0, put = 0, quads = 0;
    uint32_t last = 0;
    while (count - at >= DIGITS && room - put >= DIGITS) {
        __m256i block = load(text + at);
        uint32_t other = others(block);
        store(target + put, decoded(block));
        /* A branch, so that the next block is begun before it is known that this one is whole. */
        if (other == 0) {
            at += DIGITS;
            put += OCTETS;
            continue;
        }
        /* Lines are mostly as long as the one before: a branch again, so that nothing waits for the length. */
        if (__builtin_expect(other != last, 0)) {
            last = other;
            quads = (size_t)__builtin_ctz(other) / 4;
        }
        at += 4 * quads;
        put += 3 * quads;
        /* At least four octets of the block are left. */
        if (text[at] == '\n') at += 1;
        else if (text[at] == '\r' && text[at + 1] == '\n') at += 2;
        else break;
    }
    return (COctetsProgress){at, put, 0};
}

/* The 32 digits of 24 octets. Each four octets get a triple as 2 3 1 2, of which multiplications move six bits each. */
AVX2 static inline __m256i encoded(const uint8_t *octets) {
    const __m256i order = table(_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
    const __m256i added = table(_mm_setr_epi8('a' - 26, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, '+' - 62, '/' - 63,
                                              'A', 0, 0));
    __m256i block = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)octets)),
        _mm_loadu_si128((const __m128i *)(octets + 12)), 1);
    block = _mm256_shuffle_epi8(block, order);
    __m256i odd = _mm256_mulhi_epu16(_mm256_and_si256(block, _mm256_set1_epi32(0x0FC0FC00)),
                                     _mm256_set1_epi32(0x04000040));
    __m256i even = _mm256_mullo_epi16(_mm256_and_si256(block, _mm256_set1_epi32(0x003F03F0)),
                                      _mm256_set1_epi32(0x01000010));
    __m256i values = _mm256_or_si256(odd, even);
    /* Places in the table: 0 for a-z, 1 to 12 for 0-9 + /, 13 for A-Z. */
    __m256i capital = _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(26), values), _mm256_set1_epi8(13));
    __m256i place = _mm256_or_si256(_mm256_subs_epu8(values, _mm256_set1_epi8(51)), capital);
    return _mm256_add_epi8(values, _mm256_shuffle_epi8(added, place));
}

AVX2 COctetsProgress coctets_base64_encode(const uint8_t *octets, size_t count, uint8_t *target, size_t room, size_t column,
                                           size_t length, uint64_t line_break, size_t break_count) {
    size_t at = 0, put = 0;
    /* 28 octets are read, and a line break and 32 digits written, whatever is taken of them. */
    while (count - at >= OCTETS + 4 && room - put >= 8 + DIGITS) {
        size_t quads = (length - column) / 4;
        if (quads == 0) {
            memcpy(target + put, &line_break, 8);
            put += break_count;
            column = 0;
            quads = length / 4;
        }
        if (quads > DIGITS / 4) quads = DIGITS / 4;
        store(target + put, encoded(octets + at));
        at += 3 * quads;
        put += 4 * quads;
        column += 4 * quads;
    }
    return (COctetsProgress){at, put, column};
}

#else

bool coctets_has_blocks(void) { return false; }

COctetsProgress coctets_base64_decode(const uint8_t *text, size_t count, uint8_t *target, size_t room) {
    return (COctetsProgress){0, 0, 0};
}

COctetsProgress coctets_base64_encode(const uint8_t *octets, size_t count, uint8_t *target, size_t room, size_t column,
                                      size_t length, uint64_t line_break, size_t break_count) {
    return (COctetsProgress){0, 0, column};
}

#endif
