"""What an author saw while writing: recorded sessions of agents, read and never run.

asked        a message of a model -> the commands that it asks for
trajectory   two common formats -> what was written and what commands printed, in order
values, calls, shell   a shell command, followed along its syntax tree (tables of programs: programs)
effects      a shell command -> whether it runs nothing but the given executable
facts        what a session says beside flagged code (commands: fetching; without secrets: redact)
trust        both -> which outputs can be taken for what the executable printed
"""
