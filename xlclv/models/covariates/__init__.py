"""What a channel, a region or an age group does to orders: models with covariates."""
