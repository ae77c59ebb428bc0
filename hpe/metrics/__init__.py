"""Metrics: pure functions, one value per sample, metres in and metres out."""
