"""simdetect inside of harnesses: thin, and outside of everything that a scan imports.

inspect    a scorer for Inspect AI (pip install 'simdetect[inspect]')
harbor     a verifier for Harbor and Terminal-Bench, which needs no package of theirs
"""
