"""What a codebase means to FastAPI: routers, routes, dependencies, schemas, tables, settings."""
