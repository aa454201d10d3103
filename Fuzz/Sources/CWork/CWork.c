#include "CWork.h"
#include <stddef.h>

#pragma clang attribute push(__attribute__((no_sanitize("coverage"))), apply_to = function)

static uint64_t edges, moved, allocated;

uint64_t cwork_steps(void) { return edges + (moved + allocated) / CWORK_OCTETS_OF_A_STEP; }
uint64_t cwork_allocated(void) { return allocated; }

// Called by code compiled with -sanitize-coverage=edge,trace-pc-guard; so nothing here may be.
void __sanitizer_cov_trace_pc_guard(uint32_t *guard);
void __sanitizer_cov_trace_pc_guard(uint32_t *guard) {
    (void)guard;
    edges++;
}
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop) {
    (void)start;
    (void)stop;
}

// Called by the address sanitizer's allocator.
void __sanitizer_malloc_hook(const volatile void *start, size_t size);
void __sanitizer_malloc_hook(const volatile void *start, size_t size) {
    (void)start;
    allocated += size;
}

// Linked with --wrap for each: a copy or move of the C library, or of instrumented code.
#define COUNTED(NAME)                                                  \
    void *__real_##NAME(void *to, const void *from, size_t size);      \
    void *__wrap_##NAME(void *to, const void *from, size_t size);      \
    void *__wrap_##NAME(void *to, const void *from, size_t size) {     \
        moved += size;                                                 \
        return __real_##NAME(to, from, size);                          \
    }
COUNTED(memmove)
COUNTED(memcpy)
COUNTED(__asan_memmove)
COUNTED(__asan_memcpy)

#pragma clang attribute pop
