"""What tests of several rooms stand on: a real PostgreSQL, a real desk, a real browser."""
