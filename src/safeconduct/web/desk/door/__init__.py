"""Coming in and going out: first use, signing in, what unlocks, second factors, kits and recovery."""
