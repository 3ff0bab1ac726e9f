"""What users added to a tab of ours, carried over when the tab is written anew."""
