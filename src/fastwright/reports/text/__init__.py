"""Text for people: coloured by Rich on a terminal, plain where it is piped."""
