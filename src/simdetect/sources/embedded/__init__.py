"""Code inside other files, read as files of their own: what a script writes, what a page runs, what a patch adds.

part         one such file: its name, language and text, on the lines of the file that holds it
commands     the words of one shell command, and the text that echo and printf write
shell        heredocs, echo and printf of shell scripts, Dockerfiles and Makefiles
pages        scripts of pages, components and templates
patches      what diffs and predictions of patches add
unfold       a file -> what is left of it, and the files in it
"""
