"""Files from strangers, read so that no code of theirs runs and no size of theirs fills the memory."""
