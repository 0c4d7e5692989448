"""What was measured, as findings, charts and tables. In: values of the rooms below; nothing is computed anew."""
