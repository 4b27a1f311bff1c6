"""What the tool can do: each verb plans first and applies the plan in one step."""
