"""A simple time tracker that keeps its log in a plain text file."""
