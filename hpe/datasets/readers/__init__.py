"""Readers of the official files, a data set a module: annotations in, columns of a store out; no picture is decoded."""
