"""Transformations that hide where code comes from: one module each, all on syntax trees. See docs/disguise.md.

apply     one file, and where its functions then are     names      what each name becomes
comments, layout     what stands between the tokens      rules      which rewrites apply to what
statements, expressions, python_rules   the rewrites     writing    trees written anew by rules
syntax, asking       what they ask of a tree             rows       what differs by language
pieces    new text of old, every byte followed
"""
