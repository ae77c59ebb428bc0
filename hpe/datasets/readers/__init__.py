"""One reader a data set: official files in, samples of the store schema out; no image is opened."""
