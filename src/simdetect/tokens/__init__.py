"""One file, bytes to arrays: what a worker runs. Imports nothing that a worker does not need, and compares no files.

analyse      a batch through all stages       digest       what its results depend on
parse        the one place that runs tree-sitter
canonical*   trees to one form                normalize, lexical, streams   tokens with roles
prose        words of comments                fingerprint, sketch           k-grams, winnowed or sketched
symbols, grams, words, neutral                texts to numbers
"""
