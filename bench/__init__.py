"""Measurements of tclmail beside its peers; scripts/bench runs them."""
