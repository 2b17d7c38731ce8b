"""Why a file could not be read: one class a fault, each with a sentence for the person who chose the file.

No sentence holds anything from the file: these texts reach logs and error pages.
"""

from typing import ClassVar


class UnreadableSheet(Exception):
    """The file was refused as a whole. `code` is stable for scripts; `str()` is the sentence."""

    code: ClassVar[str] = "unreadable"
    sentence: ClassVar[str] = "This file could not be read as a spreadsheet. Save it as CSV or .xlsx and try again."

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.sentence} {detail}".strip())


class NotASpreadsheet(UnreadableSheet):
    code = "not_a_spreadsheet"
    sentence = "This is not a spreadsheet. Bring in a .csv or .xlsx file."


class EmptySheet(UnreadableSheet):
    code = "empty"
    sentence = "There are no rows in this file: it needs a row of column headings and at least one row below it."


class NoColumns(UnreadableSheet):
    code = "no_columns"
    sentence = (
        "Only one column was found. Save the sheet as CSV with commas, semicolons or tabs between columns, or as .xlsx."
    )


class OldExcelFile(UnreadableSheet):
    code = "old_excel"
    sentence = (
        "This is an old Excel file (.xls) or an Excel binary file (.xlsb). Open it, choose Save As, "
        "choose “Excel Workbook (.xlsx)”, and bring in the new file."
    )


class EncryptedFile(UnreadableSheet):
    code = "encrypted"
    sentence = (
        "This file is protected by a password. Open it, remove the password (File, Info, Protect Workbook), "
        "save it and bring in that copy. Then delete the copy."
    )


class OpenDocumentFile(UnreadableSheet):
    code = "open_document"
    sentence = (
        "This is an OpenDocument or Numbers file. Open it and save or export it as “Excel 2007–365 (.xlsx)” or as CSV, "
        "then bring in the new file."
    )


class MacroFile(UnreadableSheet):
    code = "macros"
    sentence = (
        "This workbook holds macros (small programs), and those are never accepted. Open it, choose Save As, "
        "choose “Excel Workbook (.xlsx)”, and bring in the new file."
    )


class CorruptFile(UnreadableSheet):
    code = "corrupt"
    sentence = "This workbook is damaged. Open it in your spreadsheet program, save it under a new name and try again."


class UnsafeFile(UnreadableSheet):
    code = "unsafe"
    sentence = "This file is built in a way that spreadsheet programs never build one, so it was not opened."


class FileTooBig(UnreadableSheet):
    code = "file_too_big"
    sentence = "This file is too big. Split it into several files, or delete pictures and sheets you do not need."


class UnpacksTooBig(UnreadableSheet):
    code = "unpacks_too_big"
    sentence = "This workbook unpacks to far more than a casework sheet needs, so it was not opened."


class TooManyRows(UnreadableSheet):
    code = "too_many_rows"
    sentence = "This sheet has too many rows. Split it into several files."


class TooManyColumns(UnreadableSheet):
    code = "too_many_columns"
    sentence = "This sheet has too many columns. Delete the columns you do not need."


class BrokenQuotes(UnreadableSheet):
    code = "broken_quotes"
    sentence = (
        "The quotation marks in this CSV file do not match, so rows would run into each other. "
        "Open it in your spreadsheet program and save it again as CSV."
    )


class UnknownText(UnreadableSheet):
    code = "unknown_text"
    sentence = (
        "The letters in this file could not be read. Open it in your spreadsheet program and save it as "
        "“CSV UTF-8” or as .xlsx."
    )


class NoSuchSheet(UnreadableSheet):
    code = "no_such_sheet"
    sentence = "The workbook has no visible sheet of that name."
