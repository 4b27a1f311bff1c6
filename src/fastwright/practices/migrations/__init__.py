"""How the database's shape is changed."""
