"""What a review is made of: its settings, suppressions, baseline, and the findings themselves."""
