"""Sources that go to another desk, and that come from one."""
