"""Finding sources, and reading one."""
