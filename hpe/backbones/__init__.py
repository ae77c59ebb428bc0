"""Backbones: a picture in, feature maps out. Each states its `channels`, `stride` and `preprocessing`."""
