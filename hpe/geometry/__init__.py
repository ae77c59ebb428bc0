"""Rotations, cameras, crops and alignment: pure functions of tensors."""
