"""What occlusion does to a system: maps of one person under a sliding patch, curves of many under many occluders."""
