"""What an author saw while writing: recorded sessions of agents, read and never run.

trajectory   two common formats -> what was written and what commands printed, in order
shell        a shell command -> whether it runs nothing but the given executable
trust        both -> which outputs can be taken for what the executable printed
"""
