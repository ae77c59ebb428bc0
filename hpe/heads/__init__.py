"""Heads: features in, SMPL rotations, betas and camera out."""
