"""The report for machines: JSON, SARIF, JUnit."""
