"""What `add` writes: domains, fields, endpoints and clients, in the style of the project."""
