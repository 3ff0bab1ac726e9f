"""Customers in groups: value tiers, RFM scores, any label."""
