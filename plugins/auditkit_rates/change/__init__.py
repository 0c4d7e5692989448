"""The step `diff`: what changed from the predictions that were accepted before, group by group."""
