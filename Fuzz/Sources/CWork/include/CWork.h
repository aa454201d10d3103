/// Counts what instrumented code does, so that two runs can be compared whatever the machine.
#include <stdint.h>

/// Octets moved that count as much as one step.
#define CWORK_OCTETS_OF_A_STEP 64

/// The edges of the control flow that were taken, and the octets moved and allocated at 64 a step.
uint64_t cwork_steps(void);
/// The octets that were allocated.
uint64_t cwork_allocated(void);
