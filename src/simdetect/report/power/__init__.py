"""What a scan would have found of planted functions: as text, JSON and Markdown.

`simdetect.report.render_power` chooses the format; `words` is what those for people say.
"""
