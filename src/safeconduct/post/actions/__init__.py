"""What changes mail: taking it in, filing it, setting it aside; and what is done about an incident."""
