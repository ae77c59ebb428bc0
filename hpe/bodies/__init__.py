"""Body models: SMPL from the user's licensed files, and a free body that anybody may run."""
