"""One module a kind of evidence: `find(comparison, context) -> LayerResult`.

code, comments                                          regions (shared by both: `regions`)
names, constants, misspellings, translated              texts (shared: `texts`, `shared`)
order                                                   orders (`sequences`, `permutations`)
result, ranked, all                                     the contract; pairs of files by all kinds; their order
function_texts                                          functions in two languages that share texts
"""
