"""The .xlsx format: parts of a package read, replaced, filled and appended, losing nothing else."""
