"""How often a public source's address is looked at again, and which are due: what runs without anybody's key."""
