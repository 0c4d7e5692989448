"""A report without what could point at single persons: a function from reports to reports. Only reports come in."""
