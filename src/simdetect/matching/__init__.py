"""Both sides laid end to end, and where they agree: seeds of equal k-grams, runs, regions, functions aligned with gaps.

`comparison` holds both sides as one value. Nothing here knows what agreement is worth. How an original is asked for its
tokens is `TokenLookup`: in memory here, in an index in `store`.

    layout       files end to end           seeds            equal k-grams        runs      regions      overlaps
    functions    functions with gaps        function_pairs   which to align
    memory       look-up in memory          holders, items   which files have which texts
"""
