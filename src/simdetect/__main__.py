"""`python -m simdetect`: the command line."""

from simdetect.cli import main

if __name__ == "__main__":
    main()
