"""The long work: stories that arq workers play, one file a story."""
