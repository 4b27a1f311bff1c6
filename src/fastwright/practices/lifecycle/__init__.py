"""How an application starts, stops, and keeps what lives as long as it does."""
