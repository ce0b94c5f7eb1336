"""Many originals at once: a folder of their indexes, and a search for those that a candidate comes from.

    folder   what lies where, which fingerprints are sampled
    build    `index_corpus`, `NewMembers`: add originals         search   `search`, `Cover`, `Source`

The names stand in their modules and not here: the command line answers --help without loading numpy.
"""
