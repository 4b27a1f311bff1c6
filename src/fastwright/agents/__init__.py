"""What coding assistants read in a project, and how it is put there and taken away again."""
