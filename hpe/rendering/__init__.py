"""Rasteriser and pictures: no display, no EGL, no compiler."""
