"""Errors a person can meet: each message says what happened, to which thing, and what to do."""


class CodingAppError(Exception):
    """Base of every error that is shown to a person as one sentence; anything else is a bug."""


class InputError(CodingAppError):
    """The person gave something that cannot be used; the command line exits with status 2."""


class SettingsError(InputError):
    """A setting or environment variable cannot be used."""


class SchemeError(InputError):
    """A coding scheme file is wrong; the message names file and line."""


class MediaError(InputError):
    """A recording cannot be read, decoded or stored."""


class TableError(InputError):
    """A table (CSV) cannot be used; the message names row and column."""


class TranscriptFileError(InputError):
    """A transcript file cannot be read; the message names the file, and the line where there is one."""


class CodingError(InputError):
    """An act of coding is not allowed: a submitted pass, an unknown code, a unit that does not exist."""


class AgreementUndefined(CodingAppError):  # noqa: N818  a statistic without a value is not a failure
    """A coefficient has no value for these data; the message is the reason."""


class AuditError(CodingAppError):
    """The audit is not as it was written; the message names the first entry that is not."""


class ReadBackupError(CodingAppError):
    """A backup file is damaged, incomplete or none; the message names it and what is wrong."""


class ReportError(CodingAppError):
    """An agreement report does not say what the judgements give; the message names the first difference."""


class SpeechError(CodingAppError):
    """Transcription failed, or a model is missing or damaged."""


class StoreError(CodingAppError):
    """The database or the vault could not be used (disk full, second server, damaged file)."""


class JobError(CodingAppError):
    """A long-running job failed or cannot be found."""


class AccessError(CodingAppError):
    """The person may not do or see this."""


class SignedOutError(AccessError):
    """Nobody is signed in, or no longer."""


class NotFoundError(InputError):
    """Nothing with this id exists (any more)."""


class ChangedSinceError(CodingError):
    """Somebody else has changed the same thing since it was read; reload it."""


class SubmittedError(CodingError):
    """The pass was submitted and takes no more codes."""
