"""Drawing: what stands on which tab, and how it looks."""
