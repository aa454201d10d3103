/* What the loops share: blocks of 32 octets, and their functions, which are compiled for AVX2 (x86-64-v3 has it). */
#ifndef BLOCKS_H
#define BLOCKS_H

#include "COctets.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi")))

enum {
    BLOCK = 32,
    /* What is read from the start of a block on where copies begin anywhere in it. */
    READ = 2 * BLOCK
};

AVX2 static inline __m256i load(const uint8_t *octets) { return _mm256_loadu_si256((const __m256i *)octets); }
AVX2 static inline void store(uint8_t *target, __m256i block) { _mm256_storeu_si256((__m256i *)target, block); }
AVX2 static inline void copy(uint8_t *target, const uint8_t *octets) { store(target, load(octets)); }

/* The same 16 octets in both halves, for a shuffle takes from its own half only. */
AVX2 static inline __m256i table(__m128i octets) { return _mm256_broadcastsi128_si256(octets); }

/* The low or the high four bits of each octet. */
AVX2 static inline __m256i low_half(__m256i octets) { return _mm256_and_si256(octets, _mm256_set1_epi8(15)); }
AVX2 static inline __m256i high_half(__m256i octets) { return low_half(_mm256_srli_epi16(octets, 4)); }

/* 255 for octets that equal one octet, or one of two. */
AVX2 static inline __m256i equal(__m256i octets, uint8_t one) {
    return _mm256_cmpeq_epi8(octets, _mm256_set1_epi8((char)one));
}
AVX2 static inline __m256i either(__m256i octets, uint8_t one, uint8_t other) {
    return _mm256_or_si256(equal(octets, one), equal(octets, other));
}

/* The octets that are 255, a bit each, the first lowest. */
AVX2 static inline uint32_t places(__m256i mask) { return (uint32_t)_mm256_movemask_epi8(mask); }

#endif
#endif
