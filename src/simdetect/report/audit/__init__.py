"""The summary of an audit: counts, what to look at first, by language and by run; as text, JSON, Markdown and HTML.

Names of runs, instances and files are untrusted: escaped in HTML, in code spans in Markdown, made visible in both.
`simdetect.report.render_audit` chooses the format.
"""
