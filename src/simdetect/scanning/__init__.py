"""One scan, in order. `scanner` is the one module that knows the order of the stages.

inputs      what to compare        analyser, batches   files through workers and the cache (`results`)
handouts    what was handed out    kept                indexes of originals that are scanned again and again
compare     both sides -> report   revisions           of several revisions of one original the best
"""
