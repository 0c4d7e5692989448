"""Frozen values that everything speaks in: subject, groups, findings, exhibits, report. Only errors come in."""
