"""The authors' checkpoints in our modules: one key map a system."""
