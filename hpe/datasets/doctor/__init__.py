"""The data doctor: what is wrong with a prepared data set, told check by check."""
