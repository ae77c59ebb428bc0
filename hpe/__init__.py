"""3D human pose and shape under occlusion: systems as parts, numbers one can trust."""
