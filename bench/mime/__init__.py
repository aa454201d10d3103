"""`scripts/bench mime`: parsing, decoding and building, row by row as in docs/benchmarks.md."""
