"""Numerical kernels: plain functions that run as Python, or as machine code that is kept from run to run."""
