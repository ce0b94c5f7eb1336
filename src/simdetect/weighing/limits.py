"""Numbers that several stages share, each with its reason."""

from __future__ import annotations

from typing import Final

__all__ = ["AGAIN_BITS", "AGREEMENT_BITS", "FLOOR_BITS", "LITERAL_WEIGHT", "SIZE_CAP"]

# Chance regions between independent programs have a median of some 15 bits; below this a region says nothing.
FLOOR_BITS: Final = 20.0
# Bits from which two files that agree from end to end do so in full: fewer can be a list of imports.
AGREEMENT_BITS: Final = 64.0
# Independent programs for one job must print the same messages and read the same formats: a shared literal is less
# surprising there than its frequency in other programs says. Chosen on labelled pairs, where 0.3 to 1 do as well.
LITERAL_WEIGHT: Final = 0.5
# Of a name or literal each time it stands again: that it recurs says little more than that it is there.
AGAIN_BITS: Final = 0.5
# Tokens of a candidate: appending code can lower the odds no further than a file, or a submission, of this size has.
SIZE_CAP: Final = 4096
