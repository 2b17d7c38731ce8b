"""The unsealed twin: the same desk on the same tables with the same log, its records kept as plain text."""

from .plaintext import unseal_this_process as unseal_this_process
