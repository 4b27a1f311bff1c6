"""How an application is tested."""
