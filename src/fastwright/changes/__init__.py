"""Changes to the files of a project: all of them or none, and back again."""
