"""One run of a step, read straight down: files, problem, lists, findings, tables. A subject and parameters come in."""
