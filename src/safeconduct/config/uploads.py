"""Uploads stay in memory and are bounded.

Django's own second handler writes anything large to a temporary file, in plain text, and the file stays when the
process is killed. Here nothing is spooled: a file over the bound is refused whole.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MAX_UPLOAD_BYTES = 16 * 1024 * 1024
# Room for the other fields of a form and for the multipart lines around a file of the greatest size.
MAX_BODY_BYTES = MAX_UPLOAD_BYTES + 2 * 1024 * 1024


class UploadTooLarge(RequestDataTooBig):
    """An uploaded file is larger than `MAX_UPLOAD_BYTES`. Django answers 400; web words it."""

    def __init__(self) -> None:
        super().__init__(f"The file is larger than {MAX_UPLOAD_BYTES // (1024 * 1024)} MB.")


class MemoryUploadHandler(FileUploadHandler):
    """Keeps each file in memory and raises `UploadTooLarge` past the bound, which holds for the request as a whole."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._buffer = BytesIO()
        self._taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin one file."""
        super().new_file(*args, **kwargs)
        self._buffer = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - the base class's shape
        """Take a piece; returning None tells Django that no later handler sees it."""
        self._taken += len(raw_data)
        if self._taken > MAX_UPLOAD_BYTES:
            self._buffer = BytesIO()
            raise UploadTooLarge
        self._buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The finished file, held in memory."""
        self._buffer.seek(0)
        return InMemoryUploadedFile(
            file=self._buffer,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
