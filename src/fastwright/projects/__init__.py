"""What a new project is made of: the blueprint, names, secrets, a repository, an environment."""
