"""Benchmarks of Relais: each figure beside a named rival, on the same rows, in the same run.

Nothing here is part of the product, and no test asserts a duration.
"""
