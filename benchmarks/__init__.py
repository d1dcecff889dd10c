"""Measured promises: each workload asserts right results first, then prints ratios of one run."""
