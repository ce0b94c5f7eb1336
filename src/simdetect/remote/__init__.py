"""What comes over a network, only when asked: fsspec URLs as copies on this machine, and what is written back."""
