"""The report as text: for a terminal, as Markdown, as plain lists."""
