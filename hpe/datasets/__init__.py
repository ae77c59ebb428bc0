"""Data sets: one store schema, one reader a data set, exact transforms, and the synthetic set."""
