"""What agreement is worth, and what of it does not count.

background, wording   shipped counts of unrelated code and words       limits       shared numbers, with reasons
surprise, repeats     regions to bits                                  whole        functions that agree as a whole
handouts, said, text_runs, licences, standards   what nobody needs to have recalled
public_names, boilerplate, known_texts, public_code   what everybody can look up, or has
exclusions            why a region does not count                      selection    which count when all compete
pairs                 regions added up by pair of files, and by file
"""
