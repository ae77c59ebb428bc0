"""Many runs at once: what there is to do, through submitit, watched to its end, and one table of it."""
