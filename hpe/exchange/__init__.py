"""Predictions of others come in, predictions go out: one file format a module."""
