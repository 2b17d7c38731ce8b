"""Uploads stay in memory and are bounded.

Django's own second handler writes anything large to a temporary file, in plain text, and the file stays when the
process is killed. Here nothing is spooled. Of a file over the bound nothing is kept but that it was: the rest of the
form is read, so that its page can say so with what was typed still in it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
# All files of one form together.
MAX_UPLOADS_BYTES = 32 * 1024 * 1024
# Room for the other fields of a form and for the multipart lines around its files.
MAX_BODY_BYTES = MAX_UPLOADS_BYTES + 2 * 1024 * 1024


class FileTooLarge(InMemoryUploadedFile):
    """A file that was larger than is taken. It is empty: its form field refuses it with the reason."""

    too_large = True


class MemoryUploadHandler(FileUploadHandler):
    """Keeps each file in memory, or hands on a `FileTooLarge` past either bound."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._buffer = BytesIO()
        self._taken = 0
        self._too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin one file."""
        super().new_file(*args, **kwargs)
        self._buffer, self._too_large = BytesIO(), False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece; returning None tells Django that no later handler sees it."""
        if self._too_large:
            return
        self._taken += len(raw_data)
        if start + len(raw_data) > MAX_UPLOAD_BYTES or self._taken > MAX_UPLOADS_BYTES:
            self._buffer, self._too_large = BytesIO(), True
            return
        self._buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The finished file, held in memory."""
        self._buffer.seek(0)
        kind = FileTooLarge if self._too_large else InMemoryUploadedFile
        return kind(
            file=self._buffer,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type or "",
            size=0 if self._too_large else file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
