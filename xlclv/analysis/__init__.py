"""What a refresh computes: customers, tiers, forecast, rewards, figures; no sheet, no file."""
