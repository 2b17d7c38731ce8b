"""What is cited of sources: passages, notes, words, collections, the timeline."""
